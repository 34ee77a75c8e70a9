package vectors

import "testing"

// told is how many of the answers that differ are told one by one.
const told = 12

// Compare holds the answers to the file's devices, in their order, against those
// that are wanted.
func (f File) Compare(t testing.TB, got []Answer) {
	t.Helper()
	if len(got) != len(f.Devices) {
		t.Fatalf("%s: %d answers to %d devices: want one for each, in their order", f.Name, len(got), len(f.Devices))
	}
	wrong := 0
	for i, d := range f.Devices {
		if got[i] == d.Want {
			continue
		}
		if wrong++; wrong <= told {
			t.Errorf("%s: %s (type %q, spec %q, gbcs %q, day %q, scope %q): got %+v, want %+v", f.Name, d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope, got[i], d.Want)
		}
	}
	if wrong > told {
		t.Errorf("%s: %d answers of %d differ; the first %d are above", f.Name, wrong, len(got), told)
	}
}

// CompareCSV holds the file as a door gives it back, with the columns of the
// answers added, against the answers that are wanted.
func (f File) CompareCSV(t testing.TB, checked []byte) {
	t.Helper()
	var got []Answer
	for i, row := range rows(t, f.Name+", checked", checked, "device_id", "ivp_outcome", "ivp_reason", "ivp_to", "ivp_amendment") {
		if i < len(f.Devices) && row[0] != f.Devices[i].ID {
			t.Fatalf("%s, checked: row %d is of device %q, where %q was expected: the rows must keep their order", f.Name, i+1, row[0], f.Devices[i].ID)
		}
		got = append(got, Answer{row[1], row[2], row[3], row[4]})
	}
	f.Compare(t, got)
}
