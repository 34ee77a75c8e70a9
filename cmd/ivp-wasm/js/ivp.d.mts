/** A device, with cells as written in an inventory: "SMETS2 v4.2", "2022-06-01". */
export interface Device {
  device_id?: string | null;
  /** Such as "ESME"; without it a bare version such as "4.2" cannot be read. */
  device_type?: string | null;
  spec?: string | null;
  gbcs?: string | null;
  /** A day, YYYY-MM-DD, or a time; a Date, and a time with a zone, is the day in Great Britain at that moment. */
  install_date?: string | Date | null;
  /** Such as "prepayment". */
  scope?: string | null;
}

/** The rules, and the terms on which devices are judged. */
export interface Options {
  /** Apply the Tables of this day (YYYY-MM-DD), or "latest", instead of those of each installation day. */
  as_at?: string | null;
  /** The installation day of every device (YYYY-MM-DD). */
  on?: string | null;
  /** The scope of every device. */
  scope?: string | null;
  /** Whether the end date itself is inside the period. */
  last_day?: 'included' | 'excluded' | null;
  /** Take an end that is not on record to be open. */
  assume_open?: boolean | null;
  /** Add an explanation of the answer. */
  why?: boolean | null;
  /** The text of amendment files to add to the rules. */
  amend?: string | string[] | null;
  /** A Central Products List in which models are looked up: the CSV or the workbook that SECAS issues. For `check` and `checkCSV`. */
  list?: { name: string; content: string | Uint8Array | ArrayBuffer } | null;
  /** The text of a rules file to use instead of the shipped rules. */
  rules?: string | null;
  /**
   * The SHA-256 digest that the rules, with the amendments added, must have, in
   * hexadecimal, as returned by `rules()`. With other rules the call fails.
   */
  expect_rules?: string;
}

export interface InventoryOptions extends Options {
  /** Write only rows with these outcomes or reasons, separated by commas. */
  only?: string | null;
  /** The character around cells that contain a delimiter; none for files without quoting, in which a quote is an ordinary character. */
  quote?: '"' | 'none' | null;
  /** The format of dates; without it, it is derived from the whole column. */
  date_format?: 'iso' | 'day-first' | 'month-first' | null;
  /** The character that separates cells, or "tab"; without it, it is derived from the heading. */
  delimiter?: string | null;
  /** The character encoding; without it UTF-8, or UTF-16 if there is a byte order mark. */
  encoding?: 'utf-8' | 'utf-16' | 'utf-16le' | 'utf-16be' | 'windows-1252' | null;
  /** The line of the heading, from 1; without it, the heading is looked for in the first 30 rows. */
  header_row?: number | null;
  /** The sheet of a workbook, by its name or its number, from 1; without it, the first. */
  sheet?: string | null;
  /** What `csv` is: the inventory with the answers, or the report as a page. */
  format?: 'csv' | 'html' | null;
  /** Columns by their heading, "install_date=Date Fitted", or by their number, from 1, "install_date=#3"; "gbcs=#0" reads none. */
  map?: string | string[] | null;
  /** Replace the ivp_ columns that the inventory already has. */
  recheck?: boolean | null;
  /** How many of the rows that are not eligible or undetermined to return, with up to ten of each further cause; 0 by default. */
  rows?: number | null;
}

export type Outcome = 'eligible' | 'not_eligible' | 'undetermined';

/** Why the outcome is what it is: each reason has one outcome. A test compares this with the library. */
export type Reason =
  // eligible
  | 'within-period'
  // not_eligible
  | 'before-start' | 'after-end' | 'gbcs-ended' | 'removed-from-cpl'
  // undetermined
  | 'not-listed' | 'beyond-record' | 'gbcs-beyond-record' | 'unsettled' | 'unknown-scope' | 'unlisted-pair' | 'unknown-type' | 'not-on-cpl' | 'ambiguous-model' | 'cpl-conflict' | 'no-version' | 'bad-version' | 'no-date' | 'bad-date' | 'bad-row';

/** The answer for a device. */
export interface Answer {
  device_id?: string;
  /** The day for which the device was judged, if its time falls on another day in Great Britain than the day written. */
  note?: string;
  outcome: Outcome;
  reason: Reason;
  /** The version in canonical form. */
  spec?: string;
  /** The last day of the deciding window, if it is a date. */
  to?: string;
  end?: 'date' | 'open' | 'not-on-record';
  /** Whole days from the installation day to `to`: 0 on the last day, negative after it. */
  days_left?: number;
  amendment?: string;
  /** This and the next two only with `why`. */
  on?: string;
  as_at?: string;
  from?: string;
  /** With `why` or, without it, if the answer rests on a cell that cannot be read. */
  explanation?: string;
}

/** A row returned with the checked inventory; its explanation has no sources: see `authorities`. */
export interface Row extends Answer {
  /** The number of its cause among those of the answer, from 1, with `more_causes` last. */
  cause?: number;
  line: number;
  device?: string;
}

export interface RuleSet {
  edition: string;
  sha256: string;
  /** The last day for which the rules are vouched. */
  vouched_to: string;
}

type Counts = Partial<Record<Outcome, number>>;

export interface Summary {
  devices: number;
  outcomes: Record<Outcome, number>;
  reasons: Partial<Record<Reason, number>>;
  /** By version, and by device type. */
  specs: Record<string, Counts>;
  types: Record<string, Counts>;
  rules: RuleSet;
  /** The devices dated on the last day of their period. */
  on_last_day?: number;
  /** The devices with a time that falls on another day in Great Britain than the day written, and the first of them. */
  on_another_day?: number;
  first_on_another_day?: string[];
  /** Further counts, as in the JSON of ivp check. */
  [count: string]: unknown;
}

/** Why devices are not eligible, or undetermined: how many, what it is, what to do, and the places of the first. */
export interface Cause {
  devices: number;
  outcome: Outcome;
  reason: Reason;
  what: string;
  do: string;
  first?: string[];
}

export interface Checked {
  /** The inventory with the answers added: the same bytes as ivp check writes. */
  csv: Blob;
  /** The answer in words: a sentence, what to do about most of what cannot be judged, what was asked, and the causes, the largest first. */
  answer: { sentence: string; remedy?: string; terms: string; causes: Cause[]; more_causes?: Cause[] };
  summary: Summary;
  columns: Columns;
  /** The fields on which answers may depend and for which there is no column. */
  not_judged?: string[];
  reasons: { reason: Reason; outcome: Outcome; phrase: string; sentence: string; devices: number }[];
  warnings?: string[];
  notes?: string[];
  /** The first cells and rows that could not be read, and the number of the others. */
  faults?: string[];
  more_faults?: number;
  rows?: Row[];
  /** The amendments that the rows name, with their sources. */
  authorities?: { id: string; in_force: string; title?: string; citations: string[] }[];
  /** When the versions in the inventory may be installed, with the number of devices of each; missing if `rows` is 0 or no version is on record. */
  timeline?: { svg: string; says: string };
}

export interface Progress {
  rows: number;
  bytesRead: number;
  bytes: number;
}

export interface Timeline {
  /** A picture of the days around the one in question, and one of all days. */
  svg: string;
  history: string;
  /** How the pictures are read. */
  says: string;
  versions: { name: string; days: { days: string; says: string; amendment?: string }[] }[];
}

/** A row of a typed table: dates are "27/04/2023", "27 April 2023" or "2023-04-27". */
export interface TableRow {
  /** "SMETS", "CHTS" or "GBCS". */
  family: string;
  /** Such as "4.2". */
  version: string;
  scope?: string;
  /** A date, or "not on record". Blank changes nothing of a version on record, and of a new one it is unknown. */
  start?: string;
  /** A date, "open", "not on record" or "removed"; blank as for start, and never open. */
  end?: string;
  /** For an end not on record: the last day on which a source shows the version valid. */
  seen?: string;
  /** The GBCS versions that go with it, such as "3.2, 4.0", and those that no longer do. */
  gbcs?: string;
  withdrawn?: string;
  /** The device types of these; if blank, those on record. */
  types?: string;
  inferred?: string;
  unquoted?: string;
}

/** A table that a person types from the TS Applicability Tables. */
export interface Table {
  /** The name of its amendment. */
  id?: string;
  /** The first day on which a source shows the Tables in force. */
  in_force?: string;
  /** An earlier day from which they may have been. */
  perhaps_from?: string;
  /** The day on which the author last saw the Tables say this. */
  vouched?: string;
  /** Whether the table restates the Tables as a whole. */
  whole?: boolean;
  title?: string;
  note?: string;
  /** Its source. */
  document?: string;
  url?: string;
  quotes?: string[];
  rows: TableRow[];
}

/** What the rules know about a version, as a row and in days (YYYY-MM-DD). */
export interface KnownVersion extends TableRow {
  spec: string;
  from?: string;
  first_seen?: string;
  to?: string;
  last_seen?: string;
  open?: boolean;
  unknown: ('start' | 'end')[];
}

/** A fault in a table; row counts from 1, and is absent for the table as a whole. */
export interface TableFault {
  row?: number;
  column?: string;
  value?: string;
  problem: string;
  want?: string;
  do?: string;
}

export interface Tables {
  known: KnownVersion[];
  /** The table of the file. */
  table?: Table;
  checked?: {
    /** The amendment file, for `amend`, and a name for it; absent if there are faults. */
    file?: string;
    name?: string;
    summary?: string;
    faults: TableFault[];
    warnings: TableFault[];
    /** What the rules know with the amendment; if there are faults, with the rows that have none. */
    then: KnownVersion[];
  };
}

/** From which column of an inventory each field is read, and which columns may be chosen instead. */
export interface Columns {
  headings: string[];
  /** The fields for which a column can be chosen, those with a problem first. */
  choose?: ColumnChoice[];
  /** The sheets of a workbook, and the one read. */
  sheets?: string[];
  sheet?: string;
  /** The encoding of text. */
  encoding?: string;
  /** The line or row of the heading, from 1. */
  header_row?: number;
  /** How dates were read, such as DD/MM/YYYY. */
  dates?: string;
}

export interface ColumnChoice {
  field: string;
  /** The number of its column, from 1; absent if the field is not read. */
  column?: number;
  /** Whether answers may depend on it, and whether nothing can be judged without it. */
  judged?: boolean;
  needed?: boolean;
  /** Why this field prevents the inventory from being read, if it does. */
  problem?: string;
  /** Headings that may have been meant, the likeliest first; they are read only if chosen. */
  near?: string[];
}

/** Why the columns of an inventory cannot be mapped. */
export interface ColumnsError extends Columns {
  added?: string[];
}

/** The error of a call: what is wrong with its arguments, and what to do. */
export class IVPError extends Error {
  /** The columns to choose from, if columns could not be mapped. */
  columns?: ColumnsError;
  constructor(message: string, columns?: ColumnsError, options?: { cause?: unknown });
}

export interface LoadOptions extends Pick<Options, 'rules' | 'amend' | 'expect_rules'> {
  /**
   * The WebAssembly, if it is not the file `ivp.wasm` beside the module: its URL, its
   * bytes, or a module compiled from it. Hosts that compile WebAssembly only when an
   * application is deployed, such as edge hosts, require a module. Once the
   * WebAssembly runs, another one is not read.
   */
  wasm?: Wasm | Promise<Wasm>;
}

export type Wasm = string | URL | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/** Starts the WebAssembly before the first call. With `expect_rules` it fails if the rules have another digest. Its options, other than `wasm`, do not apply to later calls. */
export function load(options?: LoadOptions): Promise<void>;

/** Judges one device, or several, in order. */
export function check(device: Device, options?: Options): Promise<Answer>;
export function check(devices: Device[], options?: Options): Promise<Answer[]>;

/**
 * Checks an inventory. It blocks the calling thread until it is done: in a page, call
 * it from a worker, where a File is read in parts.
 */
export function checkCSV(
  input: string | ArrayBuffer | ArrayBufferView | Blob,
  options?: InventoryOptions,
  onProgress?: (progress: Progress) => void,
): Promise<Checked>;

/** Returns the rules that the options select. */
export function rules(options?: Pick<Options, 'rules' | 'amend' | 'expect_rules'>): Promise<RuleSet & { record: unknown }>;

/** Returns when each version may be installed, as a picture and as text; `today` is marked if neither `on` nor `as_at` is given. */
export function timeline(options?: Omit<Options, 'scope' | 'why'> & { today?: string | null }): Promise<Timeline>;

/** Makes an amendment file from a typed table, or the table of an amendment file; with neither, returns what the rules know. */
export function tables(question?: Pick<Options, 'rules' | 'amend' | 'expect_rules'> & ({ table?: Table; file?: never } | { table?: never; file?: string })): Promise<Tables>;
