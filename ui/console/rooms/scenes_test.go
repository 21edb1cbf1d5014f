package rooms

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/host"
)

// scene is a screen in a state that matters, reached as a user reaches it.
type scene struct {
	name string
	play func(s *stage)
}

// scenes are those of all rooms.
func scenes() []scene {
	all := everyScene()
	var played []scene
	for i := 0; i < len(all); i += stride {
		played = append(played, all[i])
	}
	return played
}

func everyScene() []scene {
	return slices.Concat(choosingScenes(), changingScenes(), comparingScenes(), measuringScenes(), drillingScenes())
}

// named is one of the scenes.
func named(t testing.TB, name string) scene {
	t.Helper()
	for _, sc := range everyScene() {
		if sc.name == name {
			return sc
		}
	}
	t.Fatalf("no scene %q", name)
	return scene{}
}

// playScene stands a test in a scene.
func playScene(t *testing.T, name string, width, height int, test func(s *stage)) {
	t.Helper()
	sc := named(t, name)
	play(t, width, height, func(s *stage) {
		sc.play(s)
		test(s)
	})
}

// inEachScene runs a check in every scene, on terminals of these sizes.
func inEachScene(t *testing.T, check func(s *stage), sizes ...[2]int) {
	t.Helper()
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			for _, size := range sizes {
				play(t, size[0], size[1], func(s *stage) {
					sc.play(s)
					check(s)
				})
			}
		})
	}
}

func TestEveryPlaceHasAScene(t *testing.T) {
	t.Parallel()
	seen := map[host.Place]bool{}
	for _, sc := range everyScene() {
		play(t, 80, 24, func(s *stage) {
			sc.play(s)
			seen[s.At()] = true
		})
	}
	for _, station := range host.Stations() {
		if !seen[station.Place] {
			t.Errorf("no scene shows %s, so nothing here is checked of it", station.Place)
		}
	}
}

// bodyTop is the first line of a screen, below the header and its rule, on a
// terminal without the whole rail.
const bodyTop = 2

// click clicks on the first line of the screen that holds a text.
func (s *stage) click(text string) {
	s.t.Helper()
	y := slices.IndexFunc(strings.Split(s.text(), "\n"), func(line string) bool { return strings.Contains(line, text) })
	if y < bodyTop {
		s.t.Fatalf("nothing reads %q:\n%s", text, s.text())
	}
	s.send(tea.MouseClickMsg{Button: tea.MouseLeft, X: 5, Y: y})
}
