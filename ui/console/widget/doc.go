// Package widget draws what the console's screens are made of: styles by
// meaning, key bindings and the help that lists them, lists, fields, panes that
// scroll, and text that is safe to draw. A widget knows no screen.
package widget
