package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// man is for those who pack the program: it writes the help as man pages.
func (c *Command) man() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write the man pages of all commands and help topics",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return exit.With(exit.IO, err)
			}
			return exit.With(exit.IO, writeManPages(cmd.Root(), args[0]))
		},
	}
}

// manWidth fits a terminal of 80 characters with the indentation of man.
const manWidth = 70

// writeManPages writes the page of a command, in section 1, or of a help topic, in
// section 7, and those of its subcommands.
func writeManPages(cmd *cobra.Command, folder string) error {
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	section, text := "1", ""
	if document, err := documents.ReadFile("docs/" + cmd.Name() + ".md"); err == nil {
		section, text = "7", topicText(string(document), manWidth)
	} else {
		var b strings.Builder
		writeLongHelp(&b, cmd, manWidth)
		text = b.String()
	}
	page := fmt.Sprintf(".TH %q %q \"\" %q\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n", strings.ToUpper(name), section, "ivp "+buildVersion(), roff(name), roff(strings.TrimPrefix(cmd.Short, "ivp ")))
	for line := range strings.Lines(text) {
		if title, found := strings.CutSuffix(line, ":\n"); found && section == "1" && !strings.HasPrefix(title, " ") && len(title) < 40 && !strings.Contains(title, ".") {
			page += ".SH " + strings.ToUpper(title) + "\n.nf\n"
			continue
		}
		page += roff(line)
	}
	if err := os.WriteFile(filepath.Join(folder, name+"."+section), []byte(page), 0o666); err != nil {
		return err
	}
	for _, sub := range cmd.Commands() {
		if sub.Hidden {
			continue
		}
		if err := writeManPages(sub, folder); err != nil {
			return err
		}
	}
	return nil
}

// roff returns a line of a man page that shows the text.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
