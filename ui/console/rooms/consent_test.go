package rooms

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/replication/step"
)

// inAccounts lets the first way lead to accounts of AWS by profiles; b may be "".
func (s *stage) inAccounts(a, b string) *stage {
	s.cfg.OpenSandbox = func(context.Context) (account.Access, error) {
		access := account.Access{Profile: a}
		if b != "" {
			access.Other = &account.Access{Profile: b}
		}
		return access, nil
	}
	s.identified(account.Identity{Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/Operations/jane"}, nil)
	s.open()
	s.IdentityB = account.Identity{Account: "444455556666", ARN: "arn:aws:iam::444455556666:user/jane"}
	return s
}

// asksFor are the ways to each question of consent.
var asksFor = map[string]func(s *stage){
	"Apply these 10 changes": func(s *stage) { s.atPlan() },
	"Remove 4 things":        func(s *stage) { s.atPlan().press("x") },
	"Undoes what this run made": func(s *stage) {
		s.applying().news("role-a-to-b role-b-to-a rule-a-to-b rule-b-to-a canary-a-to-b canary-b-to-a", step.Done, "done", 0).end(nil).press("u")
	},
	"left-over":                     func(s *stage) { s.atPlan().press("x", "o") },
	"Put it right":                  func(s *stage) { s.audited(3).press("b") },
	"Write a tiny object":           func(s *stage) { s.atPlan().press("d").tell(healthy()...).end(nil).press("t") },
	"To drill":                      func(s *stage) { s.arming(record.Cut) },
	"whose":                         func(s *stage) { s.atDrill(record.Cut) },
	"Type the bucket's name: it is": func(s *stage) { s.atPlan().press("x", "b", "y") },
	"Take it back": func(s *stage) {
		s.leftOpen(opened.Open{Drill: drillID, Kind: record.Pause, Pauses: true, Stands: []string{"experiment EXP1"}})
		s.atPlan().press("U")
	},
}

func TestWhereOneAgreesTheAccountAndItsProfileStandInTheQuestion(t *testing.T) {
	t.Parallel()
	for asks, to := range asksFor {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
			for _, of := range []struct{ a, b, says string }{
				{"prod", "", "111122223333 (prod)"},
				{"prod", "partner", "A 111122223333 (prod) and B 444455556666 (partner)"},
			} {
				t.Run(fmt.Sprintf("%s-%d-%s", asks, size[0], of.b), func(t *testing.T) {
					t.Parallel()
					play(t, size[0], size[1], func(s *stage) {
						s.inAccounts(of.a, of.b)
						to(s)
						s.fits(size[0], size[1])
						if words := s.askedBelow(); !strings.Contains(words, of.says) {
							t.Errorf("the question lacks %q:\n%s", of.says, s.text())
						}
						if asks != "left-over" && !strings.Contains(s.words(), asks) {
							t.Errorf("nothing asks %q:\n%s", asks, s.text())
						}
					})
				})
			}
		}
		t.Run(asks+"-sandbox", func(t *testing.T) {
			t.Parallel()
			play(t, 60, 16, func(s *stage) {
				if to(s); !strings.Contains(s.askedBelow(), "the sandbox (simulated)") {
					t.Errorf("the question lacks that it is simulated:\n%s", s.text())
				}
			})
		})
	}
}

// askedBelow is the question at the foot of the screen, or of the drill's form, without
// the header, as words.
func (s *stage) askedBelow() string {
	lines := strings.Split(s.text(), "\n")
	return strings.Join(strings.Fields(strings.Join(lines[3:], "\n")), " ")
}

func TestTheHeaderNamesBothAccountsAtEverySize(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.inAccounts("administrator-of-production", "partner-of-the-other-side").atPlan()
			head := strings.Join(strings.Split(s.text(), "\n")[:4], "\n")
			for _, text := range []string{"111122223333", "444455556666", "admin", "part"} {
				if !strings.Contains(head, text) {
					t.Errorf("at %v the header lacks %q:\n%s", size, text, head)
				}
			}
		})
	}
}
