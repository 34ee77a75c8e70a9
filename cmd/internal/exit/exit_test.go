package exit

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCodeOf(t *testing.T) {
	plain := errors.New("plain")
	for _, test := range []struct {
		err  error
		want Code
	}{
		{nil, OK},
		{plain, Internal},
		{fmt.Errorf("about it: %w", plain), Internal},
		{Usagef("wrong: %w", plain), Usage},
		{fmt.Errorf("about it: %w", With(IO, plain)), IO},
		{With(Usage, With(IO, plain)), Usage},
		{Silent(NotEligible), NotEligible},
		{Silent(OK), OK},
		{With(IO, nil), OK},
		{Join(nil), OK},
		{Join([]error{nil, With(Empty, plain)}), Empty},
		{Join([]error{With(Empty, plain), With(IO, plain)}), IO},
		{Join([]error{With(IO, plain), With(Usage, plain)}), Usage},
		{Join([]error{With(Usage, plain), plain}), Internal},
	} {
		assert.Equal(t, test.want, CodeOf(test.err), "%v", test.err)
	}
}
