package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
)

func (s *sideScreen) bindings() []binding {
	switch {
	case s.profile != nil:
		return s.profileBindings()
	case s.editing:
		return []binding{
			bind("enter", "use this name", s.take, "enter"),
			bind("esc", "as it was", act(s.asItWas), "esc"),
			bind("↓", "choose another", act(func() { s.asItWas(); s.buckets.move(1, s.rows()) }), "down").asMinor(),
		}
	case s.inBucket:
		return s.bucketBindings()
	}
	n := len(s.found())
	move := func(by int) func() tea.Cmd { return act(func() { s.regions.move(by, n) }) }
	bindings := []binding{
		bind("enter", "take this region", s.takeRegion, "enter"),
		bind("↑↓", "choose", move(-1), "up"),
		bind("↓", "next", move(1), "down").asTwin(),
		bind("pgup pgdn", "a page", move(-10), "pgup").asMinor(),
		bind("pgdn", "a page down", move(10), "pgdown").asTwin(),
	}
	if s.searching || s.search.String() != "" {
		return append(bindings, bind("esc", "end the search", act(s.endSearch), "esc"))
	}
	bindings = append(bindings, bind("/", "search", act(func() { s.searching = true }), "/"))
	return append(append(bindings, s.profileBinding()...), bind("esc", "back", s.back, "esc"))
}

func (s *sideScreen) bucketBindings() []binding {
	move := func(by int) func() tea.Cmd {
		return func() tea.Cmd {
			s.refusal = ""
			s.buckets.move(by, s.rows())
			return s.look(s.selectedBucket())
		}
	}
	bindings := []binding{bind("enter", "go on", s.take, "enter")}
	if s.rows() > 1 {
		bindings = append(bindings,
			bind("↑↓", "choose", move(-1), "up", "k"),
			bind("↓", "next", move(1), "down", "j").asTwin())
	}
	bindings = append(bindings, bind("e", "edit the new name", act(func() {
		s.buckets.selected, s.editing, s.refusal = 0, true, ""
		s.was = s.newName.String()
	}), "e"))
	if s.failure != "" {
		bindings = append(bindings, bind("r", "list again", func() tea.Cmd {
			s.forget()
			return s.readBuckets()
		}, "r"))
	}
	return append(append(bindings, s.profileBinding()...), bind("esc", "region", act(func() { s.inBucket = false }), "esc"))
}

// asItWas leaves the name's field without taking what was typed.
func (s *sideScreen) asItWas() {
	s.newName, s.editing, s.refusal = newField(s.was), false, ""
}

func (s *sideScreen) endSearch() {
	code := s.side().Region
	if found := s.found(); s.regions.selected < len(found) {
		code = found[s.regions.selected].Code
	}
	s.searching, s.search = false, field{}
	s.selectRegion(code)
}

func (s *sideScreen) back() tea.Cmd {
	if s.name == pair.A {
		return s.app.goTo(atWhere)
	}
	return s.app.goTo(atSideA)
}

// rows counts the bucket list: the new name and the existing buckets.
func (s *sideScreen) rows() int { return 1 + len(s.existing) }

func (s *sideScreen) selectedBucket() string {
	if i := s.buckets.selected; i > 0 && i <= len(s.existing) {
		return s.existing[i-1]
	}
	return s.newName.String()
}

// take accepts the selected bucket and goes on, or says why it can't be.
func (s *sideScreen) take() tea.Cmd {
	bucket := s.selectedBucket()
	if s.refusal = s.refuse(bucket); s.refusal != "" {
		if !s.editing && s.buckets.selected == 0 {
			s.editing, s.was = true, s.newName.String()
		}
		return nil
	}
	s.editing = false
	s.side().Bucket = bucket
	if s.name == pair.A {
		return s.app.goTo(atSideB)
	}
	if err := s.app.pair.Check(); err != nil {
		s.refusal = err.Error()
		return nil
	}
	return s.app.goTo(atOptions)
}

// refuse says why a bucket can't be this side's, or "".
func (s *sideScreen) refuse(bucket string) string {
	if err := pair.CheckBucketName(bucket); err != nil {
		return err.Error()
	}
	note := s.notes[bucket]
	if note.found.Holder == account.Others {
		return "the name " + bucket + " is taken by somebody else: choose another, such as " +
			demoName(demoLetters(uint64(s.app.now().UnixNano())), s.side().Region)
	}
	if r := note.found.Region; r != "" && r != s.side().Region {
		return "the bucket " + bucket + " lies in " + r + ": choose that region, or another bucket"
	}
	return ""
}

func (s *sideScreen) fields() bool { return true }

func (s *sideScreen) typing() *field {
	switch {
	case s.profile != nil:
		return nil
	case s.editing:
		return &s.newName
	case s.searching && !s.inBucket:
		return &s.search
	}
	return nil
}

func (s *sideScreen) typed() tea.Cmd {
	if s.editing {
		s.refusal = ""
		return s.lookSoon()
	}
	s.regions.selected = 0
	return nil
}

func (s *sideScreen) choose(line, _ int) {
	if o := s.profile; o != nil {
		if i := o.list.hit(line); i >= 0 && o.opening == 0 {
			o.list.selected = i
		}
		return
	}
	if s.editing {
		s.asItWas()
	}
	if i := s.regions.hit(line); i >= 0 {
		s.inBucket, s.touched, s.regions.selected = false, true, i
	}
	if i := s.buckets.hit(line); i >= 0 && i < s.rows() {
		s.inBucket, s.touched, s.buckets.selected = true, true, i
		s.selectRegion(s.side().Region) // the one that the buckets are in
	}
}
