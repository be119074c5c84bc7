/**
 * Builds static/dist/ from this folder: styles, scripts, fonts and the icons
 * that are used, each under a name with its content's hash, and manifest.json
 * with the present name of each.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { PurgeCSS } from 'purgecss';
import * as sass from 'sass';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FRONTEND = join(ROOT, 'frontend');
/** The scripts of the pages, apart from this one. */
const SCRIPTS = ['map', 'shared', 'site'].map((name) => join(FRONTEND, name));
const DIST = join(ROOT, 'static', 'dist');
const ICONS = join(ROOT, 'node_modules', 'bootstrap-italia', 'src', 'svg');
const BROWSERS = ['chrome109', 'firefox115', 'safari15.6'];

/** Classes that no template names: Folium, Leaflet and the data make them. Unused parts of Leaflet are left out. */
const CLASSES_OF_OTHERS = [
  /^leaflet-(?!control-layers|default-icon|tooltip|oldie)/,
  /^folium-map$/,
  /^class-/,
  /^qr$/,
];

/**
 * @param {Uint8Array|string} content
 * @returns {string} eight characters that change with the content
 */
const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 8);

/**
 * @param {string} folder
 * @param {string[]} extensions
 * @returns {Promise<string[]>} the files below `folder` with one of the extensions, sorted
 */
async function filesIn(folder, extensions) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * Writes a file under a name with its hash.
 * @param {string} name
 * @param {Uint8Array|string} content
 * @returns {Promise<[string, string]>} its entry in the manifest
 */
async function write(name, content) {
  const extension = extname(name);
  const hashed = `${basename(name, extension)}-${hash(content)}${extension}`;
  await writeFile(join(DIST, hashed), content);
  return [name, hashed];
}

/** @returns {Promise<[string, string][]>} */
async function buildScripts() {
  const result = await esbuild.build({
    entryPoints: { site: join(FRONTEND, 'site', 'index.js'), map: join(FRONTEND, 'map', 'index.js') },
    outdir: DIST,
    bundle: true,
    minify: true,
    format: 'iife',
    target: BROWSERS,
    legalComments: 'eof',
    write: false,
  });
  return Promise.all(result.outputFiles.map((file) => write(basename(file.path), Buffer.from(file.contents))));
}

/**
 * Compiles a stylesheet and keeps the rules that the templates and scripts can match.
 * @param {string} name
 * @returns {Promise<string>}
 */
async function compileStyle(name) {
  const { css } = sass.compile(join(FRONTEND, 'scss', `${name}.scss`), {
    loadPaths: [join(ROOT, 'node_modules')],
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'color-functions'],
  });
  const users = [
    ...(await filesIn(join(ROOT, 'templates'), ['.html'])),
    ...(await Promise.all(SCRIPTS.map((folder) => filesIn(folder, ['.js'])))).flat(),
  ];
  const [purged] = await new PurgeCSS().purge({
    content: users,
    css: [{ raw: css }],
    safelist: CLASSES_OF_OTHERS,
    variables: true,
    keyframes: true,
  });
  return purged.css;
}

/**
 * @param {string} name
 * @returns {Promise<[string, string][]>} the stylesheet and the files it names
 */
async function buildStyle(name) {
  const result = await esbuild.build({
    stdin: { contents: await compileStyle(name), loader: 'css', resolveDir: join(FRONTEND, 'scss') },
    outdir: DIST,
    bundle: true,
    minify: true,
    target: BROWSERS,
    legalComments: 'none',
    loader: { '.woff2': 'file' },
    assetNames: '[name]-[hash]',
    write: false,
  });
  /** @param {esbuild.OutputFile} file @returns {Promise<[string, string]>} */
  const save = async (file) => {
    if (file.path.endsWith('.css')) return write(`${name}.css`, file.contents);
    await writeFile(file.path, file.contents);
    return [basename(file.path).replace(/-[A-Z0-9]{8}(?=\.woff2$)/, ''), basename(file.path)];
  };
  return Promise.all(result.outputFiles.map(save));
}

/**
 * @param {string} id
 * @param {string} content
 */
const symbol = (id, content) => `<symbol id="${id}" viewBox="0 0 24 24">${content}</symbol>`;

/** @returns {Promise<string[]>} the icons that templates name as icon('it-…') */
async function usedIcons() {
  const names = new Set();
  for (const file of await filesIn(join(ROOT, 'templates'), ['.html'])) {
    const text = await readFile(file, 'utf8');
    for (const [, name] of text.matchAll(/icon\(\s*['"](it-[a-z0-9-]+)['"]/g)) names.add(name);
  }
  return [...names].sort();
}

/** @returns {Promise<[string, string]>} */
async function buildSprite() {
  const shapes = JSON.parse(await readFile(join(FRONTEND, 'shapes.json'), 'utf8'));
  const symbols = Object.entries(shapes).map(([name, path]) => symbol(`shape-${name}`, `<path d="${path}"/>`));
  for (const name of await usedIcons()) {
    const drawing = await readFile(join(ICONS, `${name}.svg`), 'utf8');
    const inside = drawing.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s+/g, ' ');
    symbols.push(symbol(name, inside.trim()));
  }
  return write('sprite.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
}

/** @returns {Promise<[string, string][]>} */
async function buildImages() {
  const files = await filesIn(join(FRONTEND, 'images'), ['.svg', '.png']);
  return Promise.all(files.map(async (file) => write(basename(file), await readFile(file))));
}

async function build() {
  await rm(DIST, { recursive: true, force: true });
  await mkdir(DIST, { recursive: true });
  const entries = [
    ...(await buildScripts()),
    ...(await buildStyle('site')),
    ...(await buildStyle('map')),
    await buildSprite(),
    ...(await buildImages()),
  ];
  const manifest = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(DIST, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

await build();
