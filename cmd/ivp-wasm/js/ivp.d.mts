/** A device, in cells as an inventory writes them: "SMETS2 v4.2", "2022-06-01". */
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

/** Which rules are asked, and on which terms. */
export interface Options {
  /** The tables of a day (YYYY-MM-DD), or "latest", instead of those of each installation day. */
  as_at?: string | null;
  /** The installation day of every device (YYYY-MM-DD). */
  on?: string | null;
  /** The scope of every device. */
  scope?: string | null;
  /** Whether the end date itself is inside the period. */
  last_day?: 'included' | 'excluded' | null;
  /** Take an end that is not on record to be open. */
  assume_open?: boolean | null;
  /** Add what explains the answer. */
  why?: boolean | null;
  /** Amendment files to add to the record: their text. */
  amend?: string | string[] | null;
  /** A whole record to ask instead of the shipped one: its text. */
  rules?: string | null;
  /**
   * The SHA-256 digest that the rules, with the amendments added, must have, in
   * hexadecimal, as `rules()` gives it. By any other rules nothing is answered.
   */
  expect_rules?: string;
}

export interface InventoryOptions extends Options {
  /** Write only rows with these outcomes or reasons, with commas between them. */
  only?: string | null;
  /** What stands around a cell that holds a delimiter; none is for files without quoting, in which a quote is a character like any other. */
  quote?: '"' | 'none' | null;
  /** How dates are written; without it the whole column decides. */
  date_format?: 'iso' | 'day-first' | 'month-first' | null;
  /** The character between cells, or "tab"; without it the heading tells. */
  delimiter?: string | null;
  /** How characters are written; without it UTF-8, and UTF-16 by its byte order mark. */
  encoding?: 'utf-8' | 'utf-16' | 'utf-16le' | 'utf-16be' | 'windows-1252' | null;
  /** The line of the heading, from 1; without it the first that is not blank. */
  header_row?: number | null;
  /** Columns chosen by their heading, "install_date=Date Fitted", or by their number from 1, "install_date=#3"; "gbcs=#0" reads none. */
  map?: string | string[] | null;
  /** Replace the ivp_ columns that the inventory already carries. */
  recheck?: boolean | null;
  /** How many of the rows that are not eligible, or undetermined, are told of; none without it. */
  rows?: number | null;
}

export type Outcome = 'eligible' | 'not_eligible' | 'undetermined';

/** What is absent is left out. */
export interface Answer {
  device_id?: string;
  /** On which day the device was judged, where its time falls on another day in Great Britain than the one written. */
  note?: string;
  outcome: Outcome;
  reason: string;
  /** The version, canonical. */
  spec?: string;
  /** The last day of the window that decided, where it is a date. */
  to?: string;
  end?: 'date' | 'open' | 'not-on-record';
  /** Whole days from the installation day to `to`: 0 on the last day, negative after it. */
  days_left?: number;
  amendment?: string;
  /** These four with `why`. */
  on?: string;
  as_at?: string;
  from?: string;
  explanation?: string;
}

/** A row that is told of beside the checked inventory; its explanation is without the sources of its amendment. */
export interface Row extends Answer {
  line: number;
  device?: string;
}

export interface RuleSet {
  edition: string;
  sha256: string;
  /** The last day that the record vouches for. */
  vouched_to: string;
}

type Counts = Partial<Record<Outcome, number>>;

export interface Summary {
  devices: number;
  outcomes: Record<Outcome, number>;
  reasons: Record<string, number>;
  /** By version, and by device type. */
  specs: Record<string, Counts>;
  types: Record<string, Counts>;
  rules: RuleSet;
  /** The devices dated on the last day of their period. */
  on_last_day?: number;
  /** Those dated at a time that falls on another day in Great Britain than the one written, and the first of them. */
  on_another_day?: number;
  first_on_another_day?: string[];
  /** What else was counted, as ivp check counts it. */
  [count: string]: unknown;
}

export interface Checked {
  /** The inventory with the answers added: the bytes that ivp check writes. */
  csv: Blob;
  summary: Summary;
  columns: Columns;
  /** The fields on which answers may depend and that were judged nowhere for want of a column. */
  not_judged?: string[];
  reasons: { reason: string; outcome: Outcome; sentence: string; devices: number }[];
  warnings?: string[];
  notes?: string[];
  /** The first cells and rows that could not be read, and the number of the rest. */
  faults?: string[];
  more_faults?: number;
  rows?: Row[];
  /** The amendments on which the rows rest, with their sources. */
  authorities?: { id: string; in_force: string; title?: string; citations: string[] }[];
}

export interface Progress {
  rows: number;
  bytesRead: number;
  bytes: number;
}

export interface Timeline {
  /** A picture, and in words how it is read. */
  svg: string;
  says: string;
  versions: { name: string; days: { days: string; says: string; amendment?: string }[] }[];
}

/** From which column of an inventory each field is read, and which may be chosen instead. */
export interface Columns {
  headings: string[];
  /** The fields for which a column can be chosen, those at fault first. */
  choose?: ColumnChoice[];
}

export interface ColumnChoice {
  field: string;
  /** The number of its column, from 1; without it the field is read from none. */
  column?: number;
  /** Whether answers may depend on it, and whether nothing can be judged without it. */
  judged?: boolean;
  needed?: boolean;
  /** Why the inventory cannot be read, where that is for want of this column. */
  problem?: string;
  /** Headings that may have been meant, the likeliest first; none is read unless it is chosen. */
  near?: string[];
}

/** Why the columns of an inventory do not serve. */
export interface ColumnsError extends Columns {
  added?: string[];
}

/** What was wrong with a question, and what to do about it. */
export class IVPError extends Error {
  /** Where columns must be chosen: which. */
  columns?: ColumnsError;
  constructor(message: string, columns?: ColumnsError);
}

/** Starts the WebAssembly ahead of the first question. With `expect_rules` it fails where the rules have another digest; it decides nothing for later questions, which have their own options. */
export function load(options?: Pick<Options, 'rules' | 'amend' | 'expect_rules'>): Promise<void>;

/** Judges one device, or several in their order. */
export function check(device: Device, options?: Options): Promise<Answer>;
export function check(devices: Device[], options?: Options): Promise<Answer[]>;

/**
 * Checks an inventory. It works in the thread that calls it until it is done: in
 * a page, call it from a worker, where a File is read piece by piece.
 */
export function checkCSV(
  input: string | ArrayBuffer | ArrayBufferView | Blob,
  options?: InventoryOptions,
  onProgress?: (progress: Progress) => void,
): Promise<Checked>;

/** Tells which record is asked, and gives it whole. */
export function rules(options?: Pick<Options, 'rules' | 'amend' | 'expect_rules'>): Promise<RuleSet & { record: unknown }>;

/** Draws when each version may be installed; `today` is pointed out where the terms name no day. */
export function timeline(options?: Omit<Options, 'scope' | 'why'> & { today?: string | null }): Promise<Timeline>;
