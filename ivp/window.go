package ivp

// Window is the Installation Validity Period of one version, in one scope, as
// one reading of the record gives it; for GBCS it is the applicability period.
// Both bounds are inside it. The zero value says nothing.
type Window struct {
	Spec Spec
	// Scope is empty for the general window.
	Scope string
	From  Bound
	To    Bound
	// Amendment is the id of the amendment that set the bound which decided;
	// in a table, the end. Empty where none did.
	Amendment string
}
