/** The page's checkboxes switch the groups of places on and off. */

/** @returns {HTMLInputElement[]} */
const switches = () => [...document.querySelectorAll('[data-layers] input[type="checkbox"]')];

/**
 * Puts the groups that are switched on into the cluster, and follows the switches.
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {Map<string, import('leaflet').Marker[]>} groups
 * @param {Promise<void>} filled when the cluster holds what was switched on at first
 */
export function startLayers(cluster, groups, filled) {
  const boxes = new Map(switches().map((box) => [box.value, box]));
  for (const [slug, markers] of groups) {
    const box = boxes.get(slug);
    if (box?.checked ?? true) cluster.addLayers(markers);
    box?.addEventListener('change', async () => {
      await filled;
      if (box.checked) cluster.addLayers(markers);
      else cluster.removeLayers(markers);
    });
  }
}
