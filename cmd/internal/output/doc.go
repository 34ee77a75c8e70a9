// Package output is where results go: a file that appears only when it is
// whole, or a device or pipe that is written as it is. What is written, and in
// which format, is no concern of it.
package output
