/** What eslint checks in the scripts of the pages, and in those that build and measure. */
import js from '@eslint/js';
import globals from 'globals';

const NODE = ['frontend/*.js', 'tools/**/*.js'];

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-shadow': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
    },
  },
  { files: NODE, languageOptions: { globals: globals.node } },
  {
    files: ['frontend/{map,shared,site}/**/*.js'],
    languageOptions: { globals: globals.browser },
    rules: {
      complexity: ['error', 10],
      'max-lines-per-function': ['error', 40],
      // Text never becomes HTML, and attributes are named in one list (shared/data_attributes.js).
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dataset'].map((property) => ({ property })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Literal[value=/data-/], TemplateElement[value.raw=/data-/]',
          message: 'Name data-* attributes in shared/data_attributes.js',
        },
      ],
    },
  },
  { files: ['frontend/shared/data_attributes.js'], rules: { 'no-restricted-syntax': 'off' } },
];
