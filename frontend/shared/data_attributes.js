/**
 * Every data-* attribute by which templates and scripts understand each other: the whole
 * interface between them. Scripts name attributes only through this list; a test compares
 * it with the templates.
 */

// The header and the foot of every page.
/** On the button of the menu on phones. */
export const MENU_TOGGLE = 'data-menu-toggle';
/** Around the links to the page in other languages. */
export const LANGUAGES = 'data-languages';
/** On the live region, whose text screen readers speak. */
export const ANNOUNCEMENTS = 'data-announcements';
/** On a button that prints the page. */
export const PRINT = 'data-print';

// The search box (parts/search.html).
/** On the form: the address of the suggestions. */
export const SEARCH = 'data-search';
/** The text that announces no suggestion. */
export const NONE = 'data-none';
/** The text that announces one suggestion. */
export const SINGLE = 'data-single';
/** The text that announces more of them, with {n} for the number. */
export const MANY = 'data-many';

// A button that copies the text of a field (parts/embed.html).
/** The id of the field. */
export const COPY = 'data-copy';
/** The text after success. */
export const COPIED = 'data-copied';
/** The text where the browser doesn't let pages copy. */
export const NOT_COPIED = 'data-not-copied';

// The form of "near a point" (parts/near.html).
/** On the form. */
export const NEAR_FORM = 'data-near-form';
/** On the button that requests the device's position; it holds the messages below. */
export const NEAR_DEVICE = 'data-near-device';
/** The message while the device looks for its position. */
export const WAITING = 'data-waiting';
/** The message where the visitor refuses. */
export const DENIED = 'data-denied';
/** The message where the device doesn't know it. */
export const UNAVAILABLE = 'data-unavailable';
/** On the paragraph for those messages. */
export const NEAR_MESSAGE = 'data-near-message';
/** On the note on privacy, shown with the button. */
export const NEAR_NOTE = 'data-near-note';

// The page of what is near a point (find/near.html).
/** On the section of map and list; with a point, LON, LAT, NAME and METRES, too. */
export const NEAR = 'data-near';
/** On the button that searches at the map's centre. */
export const NEAR_CENTRE = 'data-near-centre';
/** On each place of the list, with LON, LAT, COLOUR and SHAPE. */
export const PLACE = 'data-place';
/** On a place whose position is that of its street. */
export const APPROXIMATE = 'data-approximate';
/** The colour of the place's group. */
export const COLOUR = 'data-colour';
/** The shape of the group's marker, a key of shapes.json. */
export const SHAPE = 'data-shape';
/** On the link that is a place's name; on NEAR, the name of the point. */
export const NAME = 'data-name';
/** The radius of the search in metres; empty without one. */
export const METRES = 'data-metres';
/** On the button that shows a place on the map. */
export const SHOW = 'data-show';

// Points, in degrees (WGS 84).
export const LON = 'data-lon';
export const LAT = 'data-lat';

// The choice of what a map shows.
/** On the fieldset of the layers' checkboxes: the value that stands for no layer in the address. */
export const LAYERS = 'data-layers';
/** On the form or box whose fields filter the places. */
export const MAP_FILTER = 'data-map-filter';
/** On such a field: the name of its parameter in the address. */
export const STATE = 'data-state';
/** On a hidden field that takes a parameter of the address along when its form is sent. */
export const ADDRESS_STATE = 'data-address-state';
/** On the text that counts the places on the map, with {n} for the number. */
export const SHOWN = 'data-shown';
/** The text of a map that couldn't load, where the usual one doesn't fit. */
export const FAILED = 'data-failed';

// The table that colours the map, and the form that chooses what it shows.
/** On the form. */
export const CHOICE = 'data-choice';
/** On the part of the page that is replaced after a choice. */
export const COVERAGE = 'data-coverage';
/** On the table. */
export const CHOROPLETH = 'data-choropleth';
/** On each row: the slug of its quartiere. */
export const QUARTIERE = 'data-quartiere';
/** The class of the row's value, 0 to 4, or "none". */
export const CLASS = 'data-class';
/** The row's value in words. */
export const VALUE = 'data-value';

// Coverage: the map and the what-if (coverage/).
/** On the box of the map, with CELLS and PLACES. */
export const GAPS = 'data-gaps';
/** The address of the cells out of reach, as GeoJSON. */
export const CELLS = 'data-cells';
/** The address of the places that count, as columns. */
export const PLACES = 'data-places';
/** On each proposed site of the list, with LON and LAT. */
export const SITE = 'data-site';
/** On each place that the visitor added, with LON and LAT. */
export const ADDED = 'data-added';
/** On the button that adds a place by a click on the map. */
export const ADD_CLICK = 'data-add-click';
/** On the button that adds one at the map's centre. */
export const ADD_CENTRE = 'data-add-centre';
/** The text shown while a click adds a place. */
export const ADD_HINT = 'data-add-hint';

// Written by the scripts, read by styles and tests.
/** On a map: how many of its layers are still loading. */
export const LOADING = 'data-loading';
/** On the outline of a quartiere: its slug. */
export const SLUG = 'data-slug';
/** On a suggestion: the address it leads to. */
export const URL_OF_OPTION = 'data-url';
/** On a suggestion: quartiere, place, network or street. */
export const TYPE_OF_OPTION = 'data-type';

// Read by neither scripts nor styles.
/** On the link that automatic checks of public sites (AgID) look for. */
export const ELEMENT = 'data-element';
/** On lists of the pages, for tests: places near a point, and the parts of a search's results. */
export const NEAR_LIST = 'data-near-list';
export const CLOSEST = 'data-closest';
export const WHICH = 'data-which';
export const RESULTS = 'data-results';
