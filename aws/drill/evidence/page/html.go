package page

import (
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"sync"

	"bothways/aws/drill/evidence/figures"
	"bothways/probe/wording"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// shown is what the template shows; it escapes everything but the style and the
// drawings, which were made and escaped here.
type shown struct {
	document
	Style    template.CSS
	Policy   string // the Content-Security-Policy that the page holds itself to
	Drawings map[int]template.HTML
}

// HTML writes the report as one page that loads nothing: no script, no font, no
// other file.
func HTML(w io.Writer, r figures.Report) error {
	style := strings.TrimSpace(pageStyle)
	sum := sha256.Sum256([]byte(style))
	d := compose(r)
	d.makeVisible()
	return pageTemplate().Execute(w, shown{
		document: d,
		Style:    template.CSS(style), //nolint:gosec // the program's own file
		Policy:   "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Drawings: map[int]template.HTML{
			phasesDrawing: template.HTML(phasesSVG(r)), //nolint:gosec // drawn and escaped here
			agesDrawing:   template.HTML(agesSVG(r)),   //nolint:gosec // the same
		},
	})
}

// makeVisible escapes what could move text about, in everything that came from
// outside. The template sees to what HTML would take for its own.
func (d *document) makeVisible() {
	for _, text := range []*string{&d.Title, &d.Lead, &d.Headline, &d.Version} {
		*text = wording.Visible(*text)
	}
	visible(d.Notes)
	for i := range d.Cards {
		c := &d.Cards[i]
		c.Name, c.Figure, c.Detail = wording.Visible(c.Name), wording.Visible(c.Figure), wording.Visible(c.Detail)
	}
	for i := range d.Sections {
		s := &d.Sections[i]
		// What others hold is not changed with it.
		s.Text, s.List, s.Verbatim = visible(clone(s.Text)), visible(clone(s.List)), visible(clone(s.Verbatim))
		for j := range s.Facts {
			s.Facts[j].Text = wording.Visible(s.Facts[j].Text)
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				visible(row)
			}
		}
	}
}

func clone(texts []string) []string { return append([]string(nil), texts...) }

func visible(texts []string) []string {
	for i := range texts {
		texts[i] = wording.Visible(texts[i])
	}
	return texts
}
