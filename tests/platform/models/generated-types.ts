import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Platform } from './facts.js'

/** What a type says of one field. */
export interface TypedField {
  /** In the words of the facts: `Array<User>`, `string` also for literals, `unknown`; several ones joined by ` | `. */
  readonly type: string
  /** The literals that it lists. */
  readonly values: readonly string[]
  /** Whether strings beside the listed ones fit. */
  readonly open: boolean
  readonly required: boolean
}

/** What a type says of a model. */
export interface TypedModel {
  readonly fields: Readonly<Record<string, TypedField>>
  /** Whether it is asked and not answered: its file has no schemas. */
  readonly asked: boolean
}

/** Every model that the generated files of a platform export, read from their text. */
export function generatedTypes(platform: Platform): ReadonlyMap<string, TypedModel> {
  const folder = join(import.meta.dirname, `../../../src/${platform}/models`)
  const files = readdirSync(folder)
    .map((name) => ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest))
    .filter(({ text }) => text.startsWith('// Generated'))
  const declared = new Map(
    files.flatMap(({ text, statements }) =>
      statements
        .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
        .map((declaration) => [declaration.name.text, { declaration, asked: !text.includes("from 'zod'") }] as const),
    ),
  )
  const declarations = new Map([...declared].map(([name, { declaration }]) => [name, declaration]))
  return new Map(
    [...declared]
      .map(([name, { declaration, asked }]) => [name, { shapes: shapes(declaration), asked }] as const)
      .filter(([, { shapes }]) => shapes.length > 0)
      .map(([name, { shapes, asked }]) => [name, { fields: joined(shapes, declarations), asked }]),
  )
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration
type Declarations = ReadonlyMap<string, Declaration>

/** The members of an interface, or of each alternative; none when it is a list of values. */
function shapes(declaration: Declaration): ts.NodeArray<ts.TypeElement>[] {
  if (ts.isInterfaceDeclaration(declaration)) return [declaration.members]
  return alternatives(declaration.type).flatMap((type) => (ts.isTypeLiteralNode(type) ? [type.members] : []))
}

/** Every field that any shape has. What a shape says undefined of is not in that shape. */
function joined(shapes: ts.NodeArray<ts.TypeElement>[], declarations: Declarations): Record<string, TypedField> {
  const fields = new Map<string, ts.PropertySignature[]>()
  for (const member of shapes.flat()) {
    if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name)) throw new Error('not a field')
    fields.set(member.name.text, [...(fields.get(member.name.text) ?? []), member])
  }
  return Object.fromEntries(
    [...fields].map(([name, members]) => [name, typedField(members, shapes.length, declarations)]),
  )
}

function typedField(members: readonly ts.PropertySignature[], shapes: number, declarations: Declarations): TypedField {
  const types = members.flatMap(({ type }) => resolved(type!, declarations))
  return {
    type: [...new Set(types.map(typeOf))].join(' | '),
    values: [...new Set(types.flatMap(held).flatMap(literal))],
    open: types.flatMap(held).some(ts.isParenthesizedTypeNode),
    required: members.length === shapes && members.every(({ questionToken }) => !questionToken),
  }
}

/** The alternatives of a type, undefined apart, with the names of lists of values looked up. */
function resolved(type: ts.TypeNode, declarations: Declarations): ts.TypeNode[] {
  return alternatives(type).flatMap((one) => {
    if (one.kind === ts.SyntaxKind.UndefinedKeyword) return []
    const named = ts.isTypeReferenceNode(one) && declarations.get(nameOf(one))
    return named && shapes(named).length === 0 ? resolved((named as ts.TypeAliasDeclaration).type, declarations) : [one]
  })
}

function alternatives(type: ts.TypeNode): readonly ts.TypeNode[] {
  return ts.isUnionTypeNode(type) ? type.types : [type]
}

/** The alternatives that a list holds; what is no list holds itself. */
function held(type: ts.TypeNode): readonly ts.TypeNode[] {
  if (!ts.isArrayTypeNode(type)) return [type]
  return ts.isParenthesizedTypeNode(type.elementType) ? alternatives(type.elementType.type) : [type.elementType]
}

function literal(type: ts.TypeNode): string[] {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : []
}

function typeOf(type: ts.TypeNode): string {
  if (ts.isTypeOperatorNode(type)) return typeOf(type.type)
  if (ts.isArrayTypeNode(type)) return `Array<${typeOf(type.elementType)}>`
  if (ts.isTypeReferenceNode(type)) {
    const [, value] = type.typeArguments ?? []
    return value ? `{ [key: string]: ${typeOf(value)}; }` : nameOf(type)
  }
  if (literal(type).length > 0 || ts.isParenthesizedTypeNode(type)) return 'string'
  const keyword = ts.tokenToString(type.kind)
  if (keyword === undefined) throw new Error(`a type of another kind: ${ts.SyntaxKind[type.kind]}`)
  return keyword
}

function nameOf({ typeName }: ts.TypeReferenceNode): string {
  return (typeName as ts.Identifier).text
}
