import { readFileSync } from 'node:fs';

/** What each folder may import, of ours and of packages. tests/house.test.ts reads the same table. */
const arrows = JSON.parse(readFileSync(new URL('import-arrows.json', import.meta.url), 'utf8'));

/** A folder's own rules as a configuration of eslint; a deeper folder's replace those of the folder around it. */
export const importArrows = Object.entries(arrows).map(([folder, { ours, packages, typesOnly = [] }]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(?!\\.)(?!(${packages.map(packagePattern).join('|') || '$'})(/|$))`,
            message: `${folder}/ may import of packages: ${packages.join(', ')} (scripts/import-arrows.json).`,
          },
          ...othersThan(folder, ours).map((other) => ({
            regex: `^(\\.\\./)+${other}(/|$)`,
            message: `${folder}/ may import of ours: ${ours.join(', ') || 'nothing'} (scripts/import-arrows.json).`,
          })),
          ...typesOnly.map((name) => ({
            regex: name.startsWith('@') ? `^${name}(/|$)` : `^(\\.\\./)+${name}(/|$)`,
            allowTypeImports: true,
            message: `${folder}/ may import types only of ${name} (scripts/import-arrows.json).`,
          })),
        ],
      },
    ],
  },
}));

/** Folders of ours that a folder may not reach at all; what it may reach in part is the house test's to hold. */
function othersThan(folder, ours) {
  const reachable = new Set([...ours, folder].map((name) => name.split('/')[0]));
  return Object.keys(arrows).filter((name) => !name.includes('/') && !reachable.has(name));
}

function packagePattern(name) {
  return name.replaceAll('.', '\\.').replace('*', '.*');
}
