package cloudwatch

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/wire"
)

// target is the name that the newer protocols have for the service.
const target = "GraniteServiceVersion20100801"

// protocol is one of the three that CloudWatch speaks: Query, JSON 1.0 and RPC
// v2 with CBOR. Clients choose by the request.
type protocol int

const (
	query protocol = iota
	json10
	cbor
)

// maxBody bounds what is read of a request, in bytes.
const maxBody = 1 << 20

// Operation names the operation of a request, "" if there is none, and leaves
// its body as it was.
func Operation(r *http.Request) string {
	name, _ := operationOf(r, func() (url.Values, error) { return wire.PeekForm(r) })
	return name
}

func operationOf(r *http.Request, form func() (url.Values, error)) (string, protocol) {
	if name, found := strings.CutPrefix(r.URL.Path, "/service/"+target+"/operation/"); found {
		return name, cbor
	}
	if name, found := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target+"."); found {
		return name, json10
	}
	values, err := form()
	if err != nil {
		return "", query
	}
	return values.Get("Action"), query
}

// read finds the operation, the protocol and the input of a request.
func read(r *http.Request) (name string, p protocol, input fields, err error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return "", query, nil, err
	}
	form, formErr := url.ParseQuery(string(body))
	name, p = operationOf(r, func() (url.Values, error) { return form, formErr })
	switch p {
	case query:
		return name, p, nested(form), nil
	case json10:
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			return name, p, nil, errors.New("the body is not JSON")
		}
		input, _ = read10(v).(fields)
	case cbor:
		v, err := parseCBOR(body)
		if err != nil && len(body) > 0 {
			return name, p, nil, err
		}
		input, _ = v.(fields)
	}
	return name, p, input, nil
}

// read10 turns what encoding/json makes into values.
func read10(v any) any {
	switch v := v.(type) {
	case []any:
		all := make(list, len(v))
		for i, element := range v {
			all[i] = read10(element)
		}
		return all
	case map[string]any:
		all := fields{}
		for name, inner := range v {
			all[name] = read10(inner)
		}
		return all
	}
	return v
}

// nested turns names such as Dimensions.member.1.Name into values.
func nested(form url.Values) fields {
	root := fields{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		parts := strings.Split(name, ".")
		at := root
		for i, part := range parts {
			if i == len(parts)-1 {
				at[part] = form.Get(name)
				break
			}
			inner, ok := at[part].(fields)
			if !ok {
				inner = fields{}
				at[part] = inner
			}
			at = inner
		}
	}
	joined, _ := join(root).(fields)
	return joined
}

// join makes lists of what has members.
func join(v any) any {
	f, ok := v.(fields)
	if !ok {
		return v
	}
	if members, ok := f["member"].(fields); ok && len(f) == 1 {
		numbers := slices.SortedFunc(maps.Keys(members), func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		})
		all := make(list, len(numbers))
		for i, number := range numbers {
			all[i] = join(members[number])
		}
		return all
	}
	for name := range f {
		f[name] = join(f[name])
	}
	return f
}

// write answers with the output of an operation.
func (p protocol) write(w http.ResponseWriter, name string, output object) {
	id := w.Header().Get("X-Amz-Request-Id")
	w.Header().Set("X-Amzn-Requestid", id)
	switch p {
	case query:
		var b bytes.Buffer
		b.WriteString(`<` + name + `Response xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">`)
		appendXML(&b, name+"Result", output)
		b.WriteString("<ResponseMetadata><RequestId>" + id + "</RequestId></ResponseMetadata></" + name + "Response>")
		wire.Send(w, http.StatusOK, "text/xml", b.Bytes())
	case json10:
		wire.Send(w, http.StatusOK, "application/x-amz-json-1.0", appendJSON(nil, output))
	case cbor:
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		wire.Send(w, http.StatusOK, "application/cbor", appendCBOR(nil, output))
	}
}

func appendXML(b *bytes.Buffer, name string, v any) {
	b.WriteString("<" + name + ">")
	switch v := v.(type) {
	case list:
		for _, element := range v {
			appendXML(b, "member", element)
		}
	case object:
		for _, f := range v {
			appendXML(b, f.name, f.value)
		}
	case time.Time:
		b.WriteString(v.UTC().Format(time.RFC3339))
	default:
		_ = xml.EscapeText(b, []byte(text(v))) // a buffer takes all
	}
	b.WriteString("</" + name + ">")
}

func appendJSON(b []byte, v any) []byte {
	separate := func(i int) {
		if i > 0 {
			b = append(b, ',')
		}
	}
	switch v := v.(type) {
	case list:
		b = append(b, '[')
		for i, element := range v {
			separate(i)
			b = appendJSON(b, element)
		}
		return append(b, ']')
	case object:
		b = append(b, '{')
		for i, f := range v {
			separate(i)
			b = appendJSON(append(appendJSON(b, f.name), ':'), f.value)
		}
		return append(b, '}')
	case time.Time:
		return strconv.AppendFloat(b, math.Round(float64(v.UnixMilli()))/1000, 'f', -1, 64)
	}
	plain, _ := json.Marshal(v) // texts and numbers can't fail
	return append(b, plain...)
}
