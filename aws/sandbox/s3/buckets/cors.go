package buckets

import (
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// Preflight answers what a browser asks before it sends a request of another
// site. Nobody signs it (S3 User Guide, Using cross-origin resource sharing).
func Preflight(c *request.Call) error {
	origin, method := c.R.Header.Get("Origin"), c.R.Header.Get("Access-Control-Request-Method")
	switch {
	case origin == "":
		return refusal.New(http.StatusBadRequest, "BadRequest", "Insufficient information. Origin request header needed.")
	case !slices.Contains(corsMethods, method):
		if method == "" {
			method = "null"
		}
		return refusal.New(http.StatusBadRequest, "BadRequest", "Invalid Access-Control-Request-Method: "+method)
	}
	kind := "OBJECT"
	if c.Key == "" {
		kind = "BUCKET"
	}
	forbidden := func(message string) error {
		return refusal.New(http.StatusForbidden, "AccessForbidden", "CORSResponse: "+message,
			refusal.With("Method", method), refusal.With("ResourceType", kind))
	}
	b, found := c.Backend.Store.Bucket(c.BucketName)
	if !found {
		return forbidden("Bucket not found")
	}
	c.Bucket = b
	if _, found := b.Setting("cors"); !found {
		return forbidden("CORS is not enabled for this bucket.")
	}
	var names []string
	for name := range strings.SplitSeq(c.R.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			names = append(names, name)
		}
	}
	rule := corsRule(c, origin, method, names)
	if rule == nil {
		return forbidden("This CORS request is not allowed. This is usually because the evalution of Origin, request method / " +
			"Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
	}
	tellCORS(c, rule, origin)
	c.Set("Access-Control-Allow-Headers", strings.Join(names, ", "))
	return c.Empty(http.StatusOK)
}

var corsMethods = []string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// SetCORS tells browsers of a request whether scripts of its origin may see
// the answer.
func SetCORS(c *request.Call) {
	origin := c.R.Header.Get("Origin")
	if origin == "" {
		return
	}
	method := c.R.Header.Get("Access-Control-Request-Method")
	if method == "" {
		method = c.R.Method
	}
	if rule := corsRule(c, origin, method, nil); rule != nil {
		tellCORS(c, rule, origin)
	}
}

// corsRule returns the first rule of the bucket that allows a method from an
// origin with those headers.
func corsRule(c *request.Call, origin, method string, headers []string) *xmltree.Node {
	doc, found := c.Bucket.Setting("cors")
	if !found {
		return nil
	}
	root, err := xmltree.Parse(doc)
	if err != nil {
		return nil // what is stored was parsed before
	}
	for _, rule := range root.All("CORSRule") {
		allowed := matchesOne(rule.All("AllowedOrigin"), origin) &&
			slices.ContainsFunc(rule.All("AllowedMethod"), func(n *xmltree.Node) bool { return n.Text == method })
		if allowed && !slices.ContainsFunc(headers, func(name string) bool { return !matchesOne(rule.All("AllowedHeader"), name) }) {
			return rule
		}
	}
	return nil
}

// matchesOne says whether one of the patterns, each with at most one *, covers
// a text, whatever the case.
func matchesOne(patterns []*xmltree.Node, text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(patterns, func(n *xmltree.Node) bool {
		head, tail, wild := strings.Cut(strings.ToLower(n.Text), "*")
		if !wild {
			return head == text
		}
		return len(text) >= len(head)+len(tail) && strings.HasPrefix(text, head) && strings.HasSuffix(text, tail)
	})
}

// tellCORS sends what a rule allows.
func tellCORS(c *request.Call, rule *xmltree.Node, origin string) {
	h := c.W.Header()
	h.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
	if slices.ContainsFunc(rule.All("AllowedOrigin"), func(n *xmltree.Node) bool { return n.Text == "*" }) {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	h.Set("Access-Control-Allow-Methods", joined(rule.All("AllowedMethod")))
	c.Set("Access-Control-Expose-Headers", joined(rule.All("ExposeHeader")))
	c.Set("Access-Control-Max-Age", rule.Value("MaxAgeSeconds"))
}

func joined(nodes []*xmltree.Node) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.Text
	}
	return strings.Join(texts, ", ")
}
