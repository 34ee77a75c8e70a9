package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func init() {
	cobra.EnableCommandSorting = false // the help has the order of root
	cobra.MousetrapHelpText = ""       // a file that is dropped onto the program in Explorer is checked
}

// flagGroup is a heading of the help and the flags under it.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

// groupOf is the annotation of a flag that has its heading in the help.
const groupOf = "ivp_group"

// addGroups adds flags to a command, and shows them in groups in its help.
func addGroups(cmd *cobra.Command, groups ...flagGroup) {
	for _, g := range groups {
		g.flags.SortFlags = false
		cmd.Flags().AddFlagSet(g.flags)
		g.flags.VisitAll(func(flag *pflag.Flag) { cmd.Flags().SetAnnotation(flag.Name, groupOf, []string{g.title}) })
	}
	cmd.Flags().SortFlags = false
}

// groupsOf returns the flags of a command in their groups.
func groupsOf(cmd *cobra.Command) (groups []flagGroup) {
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		title := "Flags"
		if own := flag.Annotations[groupOf]; own != nil {
			title = own[0]
		}
		switch last := len(groups) - 1; {
		case flag.Hidden || flag.Name == "help":
			return
		case last < 0 || groups[last].title != title:
			set := pflag.NewFlagSet(title, pflag.ContinueOnError)
			set.SortFlags = false
			groups = append(groups, flagGroup{title, set})
		}
		groups[len(groups)-1].flags.AddFlag(flag)
	})
	return groups
}

// shortHelp matches a word of the command line that asks for the short help: -h, or -h
// among other letters.
var shortHelp = regexp.MustCompile(`^-[a-z]*h[a-z]*$`)

// help writes the help that the words of the command line ask for.
func (c *Command) help(cmd *cobra.Command, words []string) {
	if slices.ContainsFunc(words, shortHelp.MatchString) && !slices.Contains(words, "--help") {
		writeShortHelp(cmd.OutOrStdout(), cmd, c.width())
		return
	}
	writeLongHelp(cmd.OutOrStdout(), cmd, c.width())
}

// showHelp is the action of a command that only has subcommands.
func (c *Command) showHelp(cmd *cobra.Command, _ []string) error {
	writeShortHelp(cmd.OutOrStdout(), cmd, c.width())
	return nil
}

// writeLongHelp writes everything about a command.
func writeLongHelp(w io.Writer, cmd *cobra.Command, width int) {
	fmt.Fprint(w, fillText(cmp.Or(cmd.Long, cmd.Short), width))
	fmt.Fprint(w, "\nUsage:\n")
	for _, line := range usageLines(cmd) {
		fmt.Fprintf(w, "  %s\n", fill(line, "      ", width-2))
	}
	if cmd.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
	commands, topics := subcommands(cmd)
	if len(commands) > 0 {
		fmt.Fprintf(w, "\nCommands:\n%s", pairs(commands, width))
	}
	for _, g := range groupsOf(cmd) {
		fmt.Fprintf(w, "\n%s:\n%s", g.title, pairs(flagPairs(g.flags), width))
	}
	if len(topics) > 0 {
		fmt.Fprintf(w, "\nHelp topics:\n%s", pairs(topics, width))
	}
	more := fmt.Sprintf("%s -h is shorter.", cmd.CommandPath())
	if len(commands) > 0 {
		more = fmt.Sprintf("%[1]s COMMAND -h is the short help of a command, %[1]s COMMAND --help all of it.", cmd.CommandPath())
	}
	if len(topics) > 0 {
		more += fmt.Sprintf(" %s help TOPIC prints a topic.", cmd.CommandPath())
	}
	fmt.Fprintf(w, "\n%s\n", fill(more, "", width))
}

// shortLines is how many lines the short help has at most: those of a small screen, with
// one for the prompt.
const shortLines = 23

// writeShortHelp writes as much about a command as fits a screen: what it does, examples,
// and its commands or the flags that are used most.
func writeShortHelp(w io.Writer, cmd *cobra.Command, width int) {
	width = min(width, 80)
	text := fill(cmd.Short, "", width) + "\n\n"
	if cmd.Example != "" {
		text += cmd.Example + "\n\n"
	} else {
		text += "  " + usageLines(cmd)[0] + "\n\n"
	}
	commands, topics := subcommands(cmd)
	end := fmt.Sprintf("\n%s\n", fill(cmd.CommandPath()+" --help explains everything.", "", width))
	if len(commands) > 0 {
		end = fill(cmd.CommandPath()+" COMMAND -h is the short help of a command, --help the long one.", "", width) + "\n"
		if len(topics) == 0 {
			end = "\n" + end
		}
		text += cutLines(pairs(commands, 1000), width)
	}
	if len(topics) > 0 {
		var names []string
		for _, topic := range topics {
			names = append(names, topic[0])
		}
		text += "\n" + fill("Topics, for ivp help TOPIC: "+strings.Join(names, " "), "  ", width) + "\n"
	}
	room := shortLines - strings.Count(text+end, "\n")
	io.WriteString(w, text+shortFlags(cmd, width, room)+end)
}

// oftenUsed are the flags that the short help shows first.
var oftenUsed = []string{
	"device", "spec", "gbcs", "type", "from-csv", "rate", "plan", "unit-cost", "before", "after", "extend", "from", "to",
	"on", "output", "only", "amend", "format", "map", "cpl", "as-at", "sheet", "rows", "id", "in-force", "document", "manufacturer", "model",
}

// shortFlags returns the flags that are used most, a line each, and the names of the
// others.
func shortFlags(cmd *cobra.Command, width, room int) string {
	var all []*pflag.Flag
	for _, g := range groupsOf(cmd) {
		g.flags.VisitAll(func(flag *pflag.Flag) { all = append(all, flag) })
	}
	place := func(flag *pflag.Flag) int {
		if i := slices.Index(oftenUsed, flag.Name); i >= 0 {
			return i
		}
		return len(oftenUsed)
	}
	slices.SortStableFunc(all, func(a, b *pflag.Flag) int { return place(a) - place(b) })
	for shown := len(all); shown > 0; shown-- {
		text, also := "", []string{}
		for _, flag := range all[shown:] {
			also = append(also, "--"+flag.Name)
		}
		if len(also) > 0 {
			text = "\n" + fill("Also: "+strings.Join(also, " "), "      ", width) + "\n"
		}
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		set.SortFlags = false
		for _, flag := range all[:shown] {
			set.AddFlag(flag)
		}
		lines := flagPairs(set)
		for i, line := range lines {
			lines[i][1] = firstClause.FindString(line[1])
		}
		text = cutLines(pairs(lines, 1000), width) + text
		if strings.Count(text, "\n") <= room {
			return text
		}
	}
	return ""
}

// firstClause matches the first part of the description of a flag.
var firstClause = regexp.MustCompile(`^(?:[a-z, ]{3,8}: )?.*?(?:: |; | \(|$)`)

// cutLines returns a text whose lines are cut to the width.
func cutLines(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n :;(")
		if utf8.RuneCountInString(line) > width {
			line = string([]rune(line)[:width-1]) + "…"
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// usageLines returns how a command is written.
func usageLines(cmd *cobra.Command) []string {
	if commands, _ := subcommands(cmd); len(commands) > 0 {
		lines := []string{cmd.CommandPath() + " COMMAND"}
		if !cmd.HasParent() {
			lines = append(lines, cmd.CommandPath()+" FILE…, which is ivp check FILE…")
		}
		return lines
	}
	return []string{cmd.UseLine()}
}

// subcommands returns the commands of a command, and the help topics, each with what it
// is about.
func subcommands(cmd *cobra.Command) (commands, topics [][2]string) {
	for _, sub := range cmd.Commands() {
		switch pair := [2]string{sub.Name(), sub.Short}; {
		case sub.Hidden || sub.Name() == "help":
		case sub.Runnable() || sub.HasSubCommands():
			commands = append(commands, pair)
		default:
			topics = append(topics, pair)
		}
	}
	return commands, topics
}

// flagPairs returns flags, each with its description.
func flagPairs(set *pflag.FlagSet) (all [][2]string) {
	set.VisitAll(func(flag *pflag.Flag) {
		kind, usage := pflag.UnquoteUsage(flag)
		head := "    --" + flag.Name
		if flag.Shorthand != "" {
			head = "-" + flag.Shorthand + ", --" + flag.Name
		}
		if kind == "string" || kind == "duration" {
			kind = strings.ToUpper(flag.Name)
		}
		if flag.Value.Type() != "bool" {
			head += " " + strings.Replace(kind, "int", "N", 1)
		}
		if set := flag.DefValue; set != "" && set != "false" && set != "[]" && set != "0" && !strings.Contains(usage, "(default") {
			usage += " (default " + set + ")"
		}
		all = append(all, [2]string{head, usage})
	})
	return all
}

// pairs returns names, each with its description, in two columns that fit the width.
func pairs(all [][2]string, width int) string {
	column := 0
	for _, pair := range all {
		column = max(column, utf8.RuneCountInString(pair[0])+4)
	}
	column = min(column, 32)
	var b strings.Builder
	for _, pair := range all {
		indent := strings.Repeat(" ", column)
		line := "  " + pair[0]
		switch length := utf8.RuneCountInString(line); {
		case width-column < 30: // the description is below the name
			indent = "        "
			line += "\n" + indent
		case length+2 > column:
			line += "\n" + indent
		default:
			line += indent[length:]
		}
		b.WriteString(line + strings.ReplaceAll(fill(pair[1], "", width-len(indent)), "\n", "\n"+indent) + "\n")
	}
	return b.String()
}

// fillText returns a text whose paragraphs are filled to the width. Lines that are
// indented are kept.
func fillText(text string, width int) string {
	var b strings.Builder
	paragraph := ""
	end := func() {
		if paragraph != "" {
			b.WriteString(fill(paragraph, "", width) + "\n")
		}
		paragraph = ""
	}
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			end()
			b.WriteString(line + "\n")
			continue
		}
		paragraph = strings.TrimSpace(paragraph + " " + line)
	}
	end()
	return b.String()
}
