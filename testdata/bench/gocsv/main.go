// Command gocsv checks an inventory that ivp sample wrote, as a program would
// that streams it through gocsv into structs and back: gocsv IN OUT.
//
// Of gocsv's streaming doors it takes the fastest: see the README beside this
// folder.
package main
