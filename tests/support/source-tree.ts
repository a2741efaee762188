import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '..', '..');

/** A module that another one imports. */
export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file of ours that it names, from the root; undefined for a package. */
  readonly file: string | undefined;
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
}

export interface SourceFunction {
  readonly name: string;
  readonly lines: number;
}

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly SourceFunction[];
  readonly hasDefaultExport: boolean;
  /** Whether the type `any` is written anywhere. */
  readonly saysAny: boolean;
  /** Whether all that it does is to hand on what others export. */
  readonly onlyReexports: boolean;
}

/** Files that belong to the project: tracked, or new and not ignored. */
export function projectFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(output.split('\n'))]
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .sort();
}

export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** All TypeScript of the project, taken apart. */
export function sourceFiles(): SourceFile[] {
  return projectFiles()
    .filter((path) => path.endsWith('.ts'))
    .map((path) => takeApart(path, readProjectFile(path)));
}

function takeApart(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const functions: SourceFunction[] = [];
  let saysAny = false;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) saysAny = true;
    const imported = importOf(path, node);
    if (imported !== undefined) imports.push(imported);
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
      functions.push({ name: nameOf(node), lines: linesOf(tree, node) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const { statements } = tree;
  return {
    path,
    text,
    lines: text.split('\n').length,
    imports,
    functions,
    saysAny,
    hasDefaultExport: statements.some(isDefaultExport),
    onlyReexports:
      statements.length > 0 &&
      statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined),
  };
}

function importOf(path: string, node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return resolved(path, node.moduleSpecifier.text, isTypeImport(node.importClause));
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
    return resolved(path, node.moduleSpecifier.text, node.isTypeOnly);
  if (ts.isCallExpression(node)) {
    const [argument] = node.arguments;
    const isLoading =
      node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
    if (isLoading && argument && ts.isStringLiteral(argument)) return resolved(path, argument.text, false);
  }
  return undefined;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function resolved(path: string, specifier: string, isTypeOnly: boolean): Import {
  if (!specifier.startsWith('.')) return { specifier, file: undefined, isTypeOnly };
  const target = normalize(join(dirname(path), specifier));
  const file = [`${target}.ts`, `${target}/index.ts`].find((one) => existsSync(join(ROOT, one)));
  return { specifier, file: file ?? target, isTypeOnly };
}

function linesOf(tree: ts.SourceFile, node: ts.Node): number {
  const line = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart(tree)) + 1;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '(unnamed)';
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return statement.isExportEquals !== true;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}
