package compare

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/audit/parity"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// compareSettings reads what replication never copies: the settings of both
// buckets.
func (s *auditScreen) compareSettings() tea.Cmd {
	n := &notes{host: s.host, reading: true, doing: "reading the settings of both buckets"}
	s.settings = n
	access, p := s.access, s.wanted
	return s.host.Ask(n.doing, func(ctx context.Context) host.Result {
		found, err := s.do.Settings(ctx, access, p, func(pair.Event) {})
		return func() tea.Cmd {
			n.reading = false
			if err != nil {
				n.failure = apierror.Describe(err)
				return nil
			}
			n.takeSettings(found, places(p))
			return nil
		}
	})
}

// takeSettings lists what differs first, then what could not be read, then what is
// alike.
func (n *notes) takeSettings(found []parity.Setting, named map[pair.SideName]string) {
	t := n.host.Look().Theme
	here, there := named[pair.A], named[pair.B]
	count := map[parity.Judgement]int{}
	for _, judged := range []parity.Judgement{parity.Differs, parity.Unknown, parity.Alike} {
		for _, s := range found {
			if s.Judgement != judged {
				continue
			}
			count[judged]++
			one := note{symbol: "✓", style: t.Good, title: s.Title + ": alike"}
			switch judged {
			case parity.Differs:
				one.symbol, one.style, one.title = "✗", t.Bad, s.Title
				one.say("means", s.Means)
				one.say("differs", strings.Join(s.Differences, "; "))
				one.say(here, document(s.A))
				one.say(there, document(s.B))
				one.ways("make B like A", s.LikeA)
				one.ways("make A like B", s.LikeB)
			case parity.Unknown:
				one.symbol, one.style, one.title = "?", t.Warn, s.Title+": could not be read"
				one.say(here, s.A.Unread)
				one.say(there, s.B.Unread)
			case parity.Alike:
				one.say("", "Both buckets behave the same in this.")
			}
			n.all = append(n.all, one)
		}
	}
	switch differ := count[parity.Differs]; {
	case differ > 0:
		n.head = append(n.head, "After a failover to "+there+" files would be served differently in "+widget.Count(differ, "setting", "settings")+": replication never copies these. c copies the line that makes B like A; nothing is run from here.")
	case count[parity.Unknown] == 0:
		n.head = append(n.head, "All "+widget.Count(count[parity.Alike], "setting", "settings")+" of the buckets are alike.")
	default:
		n.head = append(n.head, "No setting is known to differ.")
	}
	if unread := count[parity.Unknown]; unread > 0 {
		n.head = append(n.head, widget.Count(unread, "setting", "settings")+" could not be read; why stands with each.")
	}
}

func (n *note) say(label, text string) {
	if text != "" {
		n.says = append(n.says, [2]string{label, text})
	}
}

// ways are how one side is made like the other. The first that can be copied is
// what c copies.
func (n *note) ways(to string, lines []parity.Line) {
	var clis []string
	for _, line := range lines {
		n.say("to", to+": "+strings.TrimSpace(line.CLI+" "+line.Words))
		if line.CLI != "" {
			clis = append(clis, line.CLI)
		}
	}
	if n.copies == "" {
		n.copies = strings.Join(clis, "\n")
	}
}

func document(r parity.Reading) string {
	switch {
	case r.Unread != "":
		return "not read: " + r.Unread
	case r.Document == nil:
		return "none"
	}
	return string(r.Document)
}
