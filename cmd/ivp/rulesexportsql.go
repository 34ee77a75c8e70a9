package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/export"
	"github.com/mp196/ivp/ivp"
)

// sqlName is what a table or a schema may be called: the name goes into the SQL
// as it is.
var sqlName = regexp.MustCompile("^" + sqlPart + `(?:\.` + sqlPart + ")*$")

const sqlPart = "(?:[A-Za-z_][A-Za-z0-9_$]*(?:-[A-Za-z0-9_$]+)*|\"[^\"\\\\[:cntrl:]]+\"|`[^`\\\\[:cntrl:]]+`)"

// exportSQL writes the rules for a database.
func (c *Command) exportSQL(f *exportFlags, h ivp.History) error {
	if f.dialect == "" {
		return exit.Usagef("--format sql needs --dialect: duckdb, postgres, sqlite, snowflake, bigquery, spark or trino")
	}
	dialect, err := export.ParseDialect(f.dialect)
	if err != nil {
		return exit.Usagef("--dialect: %w", err)
	}
	if !sqlName.MatchString(f.table) {
		return exit.Usagef("--table: %q: want the name of a table, such as stock or estate.stock", f.table)
	}
	if own := strings.Trim(f.table[strings.LastIndex(f.table, ".")+1:], "\"`"); export.Makes(own) {
		return exit.Usagef("--table: %s is what the script itself makes: want the table of the inventory", own)
	}
	if f.schema != "" && !sqlName.MatchString(f.schema) {
		return exit.Usagef("--schema: %q: want the name of a schema, such as ivp", f.schema)
	}
	checker, err := f.question.checker(c, h)
	if err != nil {
		return err
	}
	return exit.With(exit.IO, export.WriteSQL(c.Stdout, checker, export.SQLOptions{Dialect: dialect, Terms: termWords(checker), Today: c.today(), Inventory: f.table, Schema: f.schema}))
}

// termWords says the terms on which the rules are asked.
func termWords(checker ivp.Checker) string {
	words := "By the law of each installation's own day"
	if checker.AsAt.Valid() {
		words = fmt.Sprintf("By the tables as at %s", checker.AsAt)
	}
	if checker.LastDayExcluded {
		words += "; the last day excluded"
	}
	if checker.AssumeOpen {
		words += "; ends that are not on record taken to be open"
	}
	return words
}
