// text is a string as SQL writes it.
export const text = (s) => `'${s.replaceAll("'", "''")}'`;
