package ivp

// AppendAmendments appends a file of amendments, one that names no edition, in
// the canonical form of rules files. [History.AmendFile] reads it back if the
// amendments pass the lint on that record; nothing is checked here.
func AppendAmendments(b []byte, amendments ...Amendment) []byte {
	return (&record{amendments: amendments}).appendCanonical(b)
}
