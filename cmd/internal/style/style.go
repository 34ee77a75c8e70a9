// Package style is the look of what a browser shows: reports and the page.
package style

import _ "embed"

// Sheet is the style sheet, for light and dark screens, phones and paper.
//
//go:embed style.css
var Sheet string
