// @ts-check
/**
 * Answers on installation validity periods, from the document that
 * `ivp rules export --format answers` writes. For browsers, Node.js 20 and later, and other
 * engines; no package. TypeScript reads the types below (with allowJs).
 *
 * It reads the spellings that the document contains, in any case, and days as YYYY-MM-DD.
 * It does not read other text (the answer is then undetermined, unknown-spelling), days in
 * another form (bad-date), or a Central Products List. `ivp check` reads all of these.
 *
 * @typedef {'eligible' | 'not_eligible' | 'undetermined'} Outcome
 * @typedef {{ document: string, url: string, quote: string }} Citation
 * @typedef {{ id: string, title: string, in_force: string, perhaps_from: string, citations: Citation[] }} Amendment
 * @typedef {{ outcome: Outcome, reason: string, from: string, to: string, end: string, amendment: string }} Found
 * @typedef {Found & { authority: Amendment | null, unknown: string }} Answer the window that
 * decided (from, to, end), and the authority; unknown is the cell whose text the document lacks
 * @typedef {{ schema: number, sha256: string, edition: string, digest: string, vouched_to: string,
 *   terms: { words: string, as_at: string, last_day: string, assume_open: boolean },
 *   types: [string, string, string][], specs: [string, string, string][], gbcs: [string, string][], scopes: [string, string][],
 *   profiles: [string, string, string, string, number][],
 *   answers: { no_day: Found, bad_day: Found, periods: (Found & { first: string, last: string })[] }[], amendments: Amendment[] }} Document
 */

/** The version of the format that this module reads. */
const schema = 1

/** @param {unknown[]} cells */
const key = (...cells) => JSON.stringify(cells)

/** @param {unknown} cell */
const trimmed = cell => String(cell ?? '').match(/[^\t-\r ](?:[^]*[^\t-\r ])?/)?.[0] ?? ''

/** @param {unknown} cell */
const written = cell => trimmed(cell).replace(/[a-z]+/g, letters => letters.toUpperCase())

/**
 * Reads the answers. Rejects if they have another version, or are damaged.
 * @param {string | object} json the document as text, or parsed
 */
export async function load(json) {
  const parsed = /** @type {Document} */ (typeof json === 'string' ? JSON.parse(json) : json)
  if (parsed?.schema !== schema) {
    throw new Error(`answers of schema ${parsed?.schema}, where ${schema} was expected: use the reader and the document of the same ivp`)
  }
  const { sha256, ...rest } = parsed
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(rest)))
  if (Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('') !== sha256) {
    throw new Error('the answers are damaged: they do not have their own sha256; export them again')
  }
  const types = new Map(parsed.types.map(([text, ...meant]) => [text, meant]))
  const specs = new Map(parsed.specs.map(([text, meant, family]) => [key(family, text), meant]))
  const gbcsVersions = new Map(parsed.gbcs.map(([text, meant]) => [text, meant]))
  const scopes = new Map(parsed.scopes.map(([text, meant]) => [text, meant]))
  const profiles = new Map(parsed.profiles.map(([type, spec, gbcs, scope, n]) => [key(type, spec, gbcs, scope), parsed.answers[n]]))
  const amendments = new Map(parsed.amendments.map(amendment => [amendment.id, amendment]))
  /** Cells may be null. @type {(type: unknown, spec: unknown, gbcs: unknown, scope: unknown, day: unknown) => Answer} */
  const check = (type, spec, gbcs, scope, day) => {
    const [meantType, family = ''] = types.get(written(type)) ?? []
    const meant = { type: meantType, spec: specs.get(key(family, written(spec))), gbcs: gbcsVersions.get(written(gbcs)), scope: scopes.get(written(scope)) }
    const found = profiles.get(key(...Object.values(meant)))
    if (!found) {
      const unknown = Object.entries(meant).find(([, name]) => name === undefined)?.[0] ?? ''
      return { outcome: 'undetermined', reason: 'unknown-spelling', from: '', to: '', end: '', amendment: '', authority: null, unknown }
    }
    const { outcome, reason, from, to, end, amendment } = on(found, trimmed(day))
    return { outcome, reason, from, to, end, amendment, authority: amendments.get(amendment) ?? null, unknown: '' }
  }
  return { document: parsed, check }
}

/** @type {(found: Document['answers'][0], day: string) => Found} */
function on({ no_day, bad_day, periods }, day) {
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) ? Date.parse(day) : NaN
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
  return day === '' ? no_day : exists ? periods.filter(period => period.first <= day).pop() ?? bad_day : bad_day
}
