package policy

import (
	"slices"
	"strings"
)

// fixingKeys are the condition keys whose fixed values keep a statement for everybody from being public (S3 User Guide,
// "Blocking public access": The meaning of "public").
var fixingKeys = []string{
	"aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner", "aws:sourceaccount",
	"aws:principalorgid", "aws:principalarn", "aws:principalaccount", "aws:userid",
	"s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:dataaccesspointarn", "s3:dataaccesspointaccount",
}

// Public reports whether a document grants something to everybody. A document that is nil does not.
func (d *Document) Public() bool {
	if d == nil {
		return false
	}
	for i := range d.Statements {
		if d.Statements[i].public() {
			return true
		}
	}
	return false
}

func (s *Statement) public() bool {
	if s.Effect != Allow {
		return false
	}
	everybody := s.notPrincipal
	for _, p := range s.principals {
		everybody = everybody || p.kind == "*" || p.kind == "AWS" && p.value == "*"
	}
	return everybody && !slices.ContainsFunc(s.conditions, condition.fixes)
}

// fixes says whether a condition narrows a statement to fixed callers: by a key that tells who calls or from where, with
// values that have no wildcards and are not the whole Internet.
func (c condition) fixes() bool {
	if c.null || c.ifExists || c.operator.negated || !slices.Contains(fixingKeys, strings.ToLower(c.key)) {
		return false
	}
	for i := range c.wanted {
		text, ok := c.wanted[i].literal(Context{})
		if !ok || strings.ContainsAny(text, "*?") || strings.HasSuffix(text, "/0") {
			return false
		}
	}
	return true
}
