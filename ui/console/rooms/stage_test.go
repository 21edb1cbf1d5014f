package rooms

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/drill/opened"
	"bothways/aws/pair"
	"bothways/ui/console"
	"bothways/ui/console/host"
)

// stage is the console as a test plays it: keys go in, frames come out, and the
// test says what the engines answer. It stands in a bubble of synctest.
type stage struct {
	*console.App
	t   testing.TB
	cfg console.Config
	do  host.Engines
	now time.Time // by the console's clock, which stands still

	width, height int
	left          map[pair.SideName]int // versions that earlier runs left
	openDrills    []opened.Open
	hostile       bool // everything from outside holds what a terminal obeys

	mu    sync.Mutex
	asked int             // commands so far
	came  map[int]tea.Msg // of commands, by their number
	works []*work         // engines that were set to work
	quit  bool
	bells int // that rang
}

// play lets a test stand on a stage of a size.
func play(t *testing.T, width, height int, test func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { <-time.After(time.Minute) }) // what waits for the clock ends, too
		test(newStage(t, width, height))
	})
}

// newStage is a stage before the console is opened: the command line chose the
// pair, and every engine has an answer.
func newStage(t *testing.T, width, height int) *stage {
	p := demoPair()
	s := &stage{t: t, now: noon, width: width, height: height, came: map[int]tea.Msg{}}
	s.cfg = console.Config{
		Version: "test", Pair: &p, Now: func() time.Time { return s.now }, NoAnimation: true, Width: width, Height: height,
		Profiles:    func() ([]account.Profile, error) { return nil, nil },
		OpenSandbox: func(context.Context) (account.Access, error) { return sandboxAccess(), nil },
		RunsDir:     "testdata/earlier",
	}
	s.do = s.answers()
	return s
}

// open begins the console.
func (s *stage) open() *stage {
	if s.hostile {
		s.poison()
	}
	s.cfg.Engines = &s.do
	s.App = console.New(s.t.Context(), s.cfg, All)
	s.run(s.Init())
	return s
}

// run lets a command be carried out, and all that comes of it.
func (s *stage) run(cmd tea.Cmd) {
	s.begin(cmd)
	s.settle()
}

// begin carries a command out beside the test.
func (s *stage) begin(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	s.mu.Lock()
	n := s.asked
	s.asked++
	s.mu.Unlock()
	go func() {
		msg := cmd()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.came[n] = msg
	}()
}

// settle gives the console what commands brought, until nothing more comes.
// What waits for an engine or for the clock goes on waiting.
func (s *stage) settle() {
	s.t.Helper()
	for range 1000 {
		if !s.round() {
			return
		}
	}
	s.t.Fatal("the console never comes to rest")
}

// round gives the console what has come until now, and says whether that is
// anything.
func (s *stage) round() bool {
	synctest.Wait()
	msgs := s.brought()
	for _, msg := range msgs {
		s.take(msg)
	}
	return len(msgs) > 0
}

// brought are the messages since the last time, in the order of their commands.
func (s *stage) brought() []tea.Msg {
	s.mu.Lock()
	defer s.mu.Unlock()
	var msgs []tea.Msg
	for n := range s.asked {
		if msg, ok := s.came[n]; ok {
			msgs = append(msgs, msg)
			delete(s.came, n)
		}
	}
	return msgs
}

// take does what the program around the console would do with a message.
func (s *stage) take(msg tea.Msg) {
	if several := reflect.ValueOf(msg); several.IsValid() && several.Type().ConvertibleTo(reflect.TypeFor[[]tea.Cmd]()) {
		for _, cmd := range several.Convert(reflect.TypeFor[[]tea.Cmd]()).Interface().([]tea.Cmd) {
			s.begin(cmd)
		}
		return
	}
	if _, quits := msg.(tea.QuitMsg); quits {
		s.quit = true
		return
	}
	if raw, is := msg.(tea.RawMsg); is && raw.Msg == "\a" {
		s.bells++
		return
	}
	if msg != nil {
		_, cmd := s.Update(msg)
		s.begin(cmd)
	}
}

// send gives the console a message of its terminal.
func (s *stage) send(msg tea.Msg) {
	s.t.Helper()
	s.take(msg)
	s.settle()
}

// press presses keys by their names.
func (s *stage) press(names ...string) *stage {
	s.t.Helper()
	for _, name := range names {
		s.send(keyNamed(name))
	}
	return s
}

// typed types a text.
func (s *stage) typed(text string) *stage {
	s.t.Helper()
	return s.press(strings.Split(text, "")...)
}

// pass lets time pass for what waits for the clock. The console's own stands.
func (s *stage) pass(d time.Duration) {
	s.t.Helper()
	<-time.After(d)
	s.settle()
}

// resize is another size of the terminal.
func (s *stage) resize(width, height int) *stage {
	s.t.Helper()
	s.send(tea.WindowSizeMsg{Width: width, Height: height})
	return s
}

// text is what a terminal would show, without styles.
func (s *stage) text() string { return ansi.Strip(s.View().Content) }

// words is the text with one blank for each gap, so that a line's end is none.
func (s *stage) words() string { return strings.Join(strings.Fields(s.text()), " ") }

// line is the first line that holds a text, or "".
func (s *stage) line(text string) string {
	for line := range strings.Lines(s.text()) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// footer is the last line.
func (s *stage) footer() string {
	lines := strings.Split(s.text(), "\n")
	return lines[len(lines)-1]
}

// shows expects texts on the screen.
func (s *stage) shows(texts ...string) *stage {
	s.t.Helper()
	for _, text := range texts {
		if !strings.Contains(s.text(), text) {
			s.t.Errorf("%s lacks %q:\n%s", s.At(), text, s.text())
		}
	}
	return s
}

// hides expects texts nowhere on the screen.
func (s *stage) hides(texts ...string) *stage {
	s.t.Helper()
	for _, text := range texts {
		if strings.Contains(s.text(), text) {
			s.t.Errorf("%s has %q:\n%s", s.At(), text, s.text())
		}
	}
	return s
}

// at expects a place in front.
func (s *stage) at(place host.Place) *stage {
	s.t.Helper()
	if s.At() != place {
		s.t.Fatalf("at %s, not at %s:\n%s", s.At(), place, s.text())
	}
	return s
}

// quits presses a key, and says whether the console ends with it.
func (s *stage) quits(key string) bool {
	s.t.Helper()
	s.quit = false
	s.press(key)
	return s.quit
}

// bye is what stays in the terminal after quitting.
func (s *stage) bye() string { return strings.Join(s.Farewell().Lines, "\n") }

// keyNamed is the message of a key by its name.
func keyNamed(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd, "delete": tea.KeyDelete, "tab": tea.KeyTab,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}
	if code, special := codes[name]; special {
		return tea.KeyPressMsg{Code: code}
	}
	if name == "space" || name == " " {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// times is one key several times.
func times(n int, key string) []string { return slices.Repeat([]string{key}, n) }
