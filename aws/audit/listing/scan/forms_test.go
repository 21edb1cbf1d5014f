package scan_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// strange are answers as S3 writes none.
var strange = []string{
	"", "<", "<ListVersionsResult/>", "\ufeff<ListVersionsResult></ListVersionsResult>",
	`<?xml version="1.0" encoding='utf-8'?>` + "\r\n<!-- a > b --><ListVersionsResult><Name>b</Name></ListVersionsResult> rest",
	`<s:ListVersionsResult xmlns:s="http://s3/"><s:Name>b</s:Name><s:Version a="</s:Version>"><s:Key>k</s:Key></s:Version></s:ListVersionsResult>`,
	"<ListVersionsResult><Version><Key>a\r\nb\rc</Key></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>&#x1F600;&#65;&amp;amp;&#13;</Key><ETag>&quot;&quot;x&quot;</ETag></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key><![CDATA[<a>&amp;]]></Key></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><KEY>k</KEY><size>7</size><Size>8</Size></Version><version><Key>l</Key></version></ListVersionsResult>",
	"<ListVersionsResult><Version><Owner><Owner><ID>1</ID></Owner></Owner><Key>k</Key></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>k</Key><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus><New><Key>x</Key></New></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>k</Key ><LastModified>2026-02-30T00:00:00Z</LastModified></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>k</Key><LastModified>2026-02-28T23:59:59.123456Z</LastModified><Size>-1</Size></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>k</Key><LastModified>2024-02-29T10:00:00+02:00</LastModified><Size>+1</Size><IsLatest>1</IsLatest></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key/><VersionId/></Version><IsTruncated>T</IsTruncated></ListVersionsResult>",
	"<ListVersionsResult><DeleteMarker><Key>k</Key><ETag>x</ETag><Size>4</Size></DeleteMarker><Version><Key>a</Key></Version></ListVersionsResult>",
	"<ListVersionsResult><Version><Key>%20+</Key></Version><EncodingType>url</EncodingType></ListVersionsResult>",
	"<ListVersionsResult><CommonPrefixes><Prefix>x</Prefix></CommonPrefixes><Prefix>p</Prefix></ListVersionsResult>",
}

// written is an answer in one of the forms that XML allows, of so many entries.
func written(r *rand.Rand, entries int) []byte {
	w := &writer{r: r, plain: r.IntN(3) == 0, encoded: r.IntN(2) == 0}
	var parts []string
	add := func(name, text string) { parts = append(parts, w.element(name, text)) }
	add("Name", "bucket")
	add("Prefix", "")
	add("MaxKeys", "1000")
	if w.encoded {
		add("EncodingType", "url")
	}
	truncated := r.IntN(2) == 0
	add("IsTruncated", fmt.Sprint(truncated))
	if truncated {
		add("NextKeyMarker", w.key())
		add("NextVersionIdMarker", w.id())
	}
	for range entries {
		parts = append(parts, w.entry())
	}
	if !w.plain {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	head := []string{"", `<?xml version="1.0" encoding="UTF-8"?>` + "\n", "\ufeff", "<!-- <a> -->\n"}[r.IntN(4)]
	return []byte(head + w.open("ListVersionsResult", ` xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`) + strings.Join(parts, w.space()) + "</ListVersionsResult>\n")
}

// writer writes in forms that chance chooses.
type writer struct {
	r              *rand.Rand
	plain, encoded bool
}

func (w *writer) odd(n int) bool { return !w.plain && w.r.IntN(n) == 0 }

func (w *writer) space() string {
	if w.plain {
		return ""
	}
	return []string{"", "", "\n", "  ", "<!-- c -->", "\t", "<?p i?>"}[w.r.IntN(7)]
}

func (w *writer) open(name, attributes string) string {
	if w.odd(8) {
		attributes += fmt.Sprintf(" a%d='>'", w.r.IntN(3))
	}
	if w.odd(8) {
		attributes += " "
	}
	return "<" + name + attributes + ">"
}

func (w *writer) element(name, text string) string {
	if text == "" && w.odd(2) {
		return "<" + name + "/>"
	}
	if w.odd(6) && !strings.Contains(text, "]]>") && text != "" {
		return w.open(name, "") + "<![CDATA[" + text + "]]></" + name + ">"
	}
	return w.open(name, "") + w.escape(text) + "</" + name + ">"
}

// escape writes each character in one of its forms.
func (w *writer) escape(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '"' && w.plain:
			b.WriteString("&quot;")
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c < ' ' || w.odd(12):
			fmt.Fprintf(&b, []string{"&#%d;", "&#x%x;", "&#x00%X;"}[w.r.IntN(3)], c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (w *writer) key() string {
	pieces := []string{"a", "photos/2026", " ", "+", "%", "é", "日", "😀", "&", "<", "\"", "~", "\t", strings.Repeat("x", 40), "/", "=", "'"}
	if w.encoded {
		pieces = append(pieces, "\x01", "\n", "\r", "\x7f")
	}
	text := ""
	for range 1 + w.r.IntN(6) {
		text += pieces[w.r.IntN(len(pieces))]
	}
	if w.encoded {
		return url.QueryEscape(text)
	}
	return text
}

func (w *writer) id() string {
	return []string{"null", "3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY", fmt.Sprintf("%032x", w.r.Uint64())}[w.r.IntN(3)]
}

func (w *writer) entry() string {
	name := "Version"
	marker := w.r.IntN(4) == 0
	if marker {
		name = "DeleteMarker"
	}
	when := fmt.Sprintf("20%02d-%02d-%02dT%02d:%02d:%02d", w.r.IntN(80), 1+w.r.IntN(12), 1+w.r.IntN(31), w.r.IntN(24), w.r.IntN(60), w.r.IntN(60)) +
		[]string{"Z", ".000Z", ".5Z", ".123Z"}[w.r.IntN(4)]
	parts := []string{
		w.element("Key", w.key()), w.element("VersionId", w.id()), w.element("IsLatest", []string{"true", "false"}[w.r.IntN(2)]), w.element("LastModified", when),
		w.open("Owner", "") + w.element("ID", "o") + w.element("DisplayName", "") + "</Owner>",
	}
	if !marker {
		parts = append(parts, w.element("ETag", fmt.Sprintf(`"%032x-%d"`, w.r.Uint64(), w.r.IntN(3))), w.element("Size", fmt.Sprint(w.r.Int64N(1<<40))),
			w.element("StorageClass", "STANDARD_IA"))
	}
	if w.odd(3) {
		parts = append(parts, w.element("ChecksumAlgorithm", "CRC64NVME"), w.open("New", "")+w.element("Key", "not this")+"</New>")
	}
	if !w.plain {
		w.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	return w.open(name, "") + strings.Join(parts, w.space()) + "</" + name + ">"
}
