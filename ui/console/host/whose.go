package host

import (
	"strings"

	"bothways/aws/account"
	"bothways/ui/console/widget"
)

// longestName bounds what a question says of a profile's name, in columns.
const longestName = 40

// Account names what is written to, as a question of consent does: account and
// profile, or that it is all simulated.
func (c *Choice) Account() string { return c.Whose(longestName) }

// Whose is Account with at most so many columns of a profile's name.
func (c *Choice) Whose(name int) string {
	if c.Access.Sandbox {
		return "the sandbox (simulated)"
	}
	a := accountOf(c.Access, c.Identity, name)
	if b := c.Access.Other; b != nil {
		return "A " + a + " and B " + accountOf(*b, c.IdentityB, name)
	}
	return a
}

func accountOf(access account.Access, identity account.Identity, name int) string {
	label := widget.Fit(widget.Clean(strings.TrimPrefix(access.Label(), "profile ")), name)
	if identity.Account == "" { // a store without one
		return label
	}
	return widget.Clean(identity.Account) + " (" + label + ")"
}
