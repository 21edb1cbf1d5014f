package usage

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// FlagError says what is wrong with a flag, with which value, and what to give
// instead. The parsers' own words are for programmers.
func FlagError(c *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &invalid):
		wants := Wants(invalid.GetFlag())
		if wants == "" {
			return Wrong("--%s: %w", invalid.GetFlag().Name, invalid.Unwrap())
		}
		if errors.Is(err, strconv.ErrRange) {
			wants = "this is out of range; " + wants
		}
		return Wrong("--%s %q: %s", invalid.GetFlag().Name, invalid.GetValue(), wants)
	case errors.As(err, &bare):
		wants := Wants(bare.GetFlag())
		if wants == "" {
			wants = "give it a value"
		}
		return Wrong("--%s has no value: %s; see %s --help", bare.GetFlag().Name, wants, c.CommandPath())
	case errors.As(err, &unknown):
		if others := Having(c.Root(), unknown.GetSpecifiedName()); len(others) > 0 {
			return Wrong("--%s is no option of %s, only of %s: see %s --help", unknown.GetSpecifiedName(), c.CommandPath(), strings.Join(others, ", "), c.CommandPath())
		}
		return Wrong("%w: see %s --help", err, c.CommandPath())
	}
	return Wrong("%w", err)
}

// Having names the commands that have a flag.
func Having(root *cobra.Command, flag string) []string {
	var names []string
	for _, c := range below(root) {
		if c.Flags().Lookup(flag) != nil {
			names = append(names, strings.TrimPrefix(c.CommandPath(), root.Name()+" "))
		}
	}
	return names
}

// below are the commands of a command, and theirs.
func below(c *cobra.Command) (all []*cobra.Command) {
	for _, child := range c.Commands() {
		all = append(append(all, child), below(child)...)
	}
	return all
}

// Wants says what a flag's value looks like, or "" where any text is one.
func Wants(flag *pflag.Flag) string {
	switch flag.Value.Type() {
	case "bool":
		return "give true or false, or leave the value out for true"
	case "int":
		return "give a whole number, such as 12"
	case "uint64":
		return "give a whole number of 0 or more, such as 7"
	case "float64":
		return "give a number, such as 10 or 0.5"
	case "duration":
		return "give a time with its unit, such as 10s, 15m or 24h"
	}
	return ""
}

// ListenAddress completes an address to listen on, of the flag that is named:
// without a host it is this computer alone.
func ListenAddress(ctx context.Context, flag, address, usual string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", Wrong("%s %q: give an address and a port, such as %s", flag, address, usual)
	}
	if _, err := net.DefaultResolver.LookupPort(ctx, "tcp", port); err != nil {
		return "", Wrong("%s %q: there is no port %q; give a number from 1 to 65535, such as in %s, or 0 for a free one", flag, address, port, usual)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
