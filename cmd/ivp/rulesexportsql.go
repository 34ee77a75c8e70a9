package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/warehouse"
	"github.com/mp196/ivp/ivp"
)

// tableName is what a table may be called: the name goes into the SQL as it is.
var tableName = regexp.MustCompile("^[A-Za-z_\"`][A-Za-z0-9_$.\"`-]*$")

// exportSQL writes the rules for a database.
func (c *Command) exportSQL(f *exportFlags, h ivp.History) error {
	if f.dialect == "" {
		return exit.Usagef("--format sql needs --dialect: duckdb, postgres, sqlite, snowflake, bigquery, spark or trino")
	}
	dialect, err := warehouse.ParseDialect(f.dialect)
	if err != nil {
		return exit.Usagef("--dialect: %w", err)
	}
	if !tableName.MatchString(f.table) || strings.Contains(f.table, "--") {
		return exit.Usagef("--table: %q: want the name of a table, such as stock or estate.stock", f.table)
	}
	checker, err := f.question.checker(c, h)
	if err != nil {
		return err
	}
	return exit.With(exit.IO, warehouse.Write(c.Stdout, dialect, checker, termWords(checker), f.table))
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
