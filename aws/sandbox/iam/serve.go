package iam

import (
	"encoding/xml"
	"errors"
	"net/http"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/wire"
)

// protocol is one service that speaks the Query protocol.
type protocol struct {
	service, namespace, version string
}

var (
	iamProtocol = protocol{"iam", "https://iam.amazonaws.com/doc/2010-05-08/", "2010-05-08"}
	stsProtocol = protocol{"sts", "https://sts.amazonaws.com/doc/2011-06-15/", "2011-06-15"}
)

// call is one operation of a service.
type call struct {
	// handle does it and returns the content of the result element, nil for none. The lock is held for writing.
	handle func(d *Directory, q *query) (any, error)
	// resource returns the ARN that the caller needs permission for, and adds condition keys.
	resource func(d *Directory, q *query, ctx policy.Context) string
	// free calls need no permission, or decide themselves.
	free bool
	// tagging is the action that must be allowed, too, where the call brings tags along.
	tagging string
}

func (c call) alsoAsked(q *query) []string {
	if c.tagging == "" || len(q.tags()) == 0 {
		return nil
	}
	return []string{c.tagging}
}

// ServeIAM answers one call of the IAM Query protocol for a principal whose signature has been checked: a form POST, or
// a GET with the same parameters in the query string. Where it returns an error, nothing has been written.
func (d *Directory) ServeIAM(w http.ResponseWriter, r *http.Request, p Principal) error {
	return d.serve(w, r, p, iamProtocol, iamCalls)
}

// ServeSTS answers one call of the STS Query protocol, like ServeIAM.
func (d *Directory) ServeSTS(w http.ResponseWriter, r *http.Request, p Principal) error {
	return d.serve(w, r, p, stsProtocol, stsCalls)
}

func (d *Directory) serve(w http.ResponseWriter, r *http.Request, p Principal, service protocol, calls map[string]call) error {
	q := newQuery(r, p)
	action := q.get("Action")
	result, err := d.run(q, action, service, calls)
	var syntax *policy.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return refusal.New(http.StatusBadRequest, "MalformedPolicyDocument", syntax.Message)
	case err != nil:
		return err
	}
	return writeResult(w, service, action, result)
}

// run finds the call, checks the permission for it and does it.
func (d *Directory) run(q *query, action string, service protocol, calls map[string]call) (any, error) {
	if action == "" {
		return nil, refusal.New(http.StatusBadRequest, "MissingAction",
			"The request must contain the parameter Action")
	}
	c, known := calls[action]
	version := q.get("Version")
	if !known && isElsewhere(service.service, action) {
		return nil, refusal.New(http.StatusNotImplemented, "NotImplemented",
			service.service+":"+action+" is an action of AWS that is not in the sandbox.")
	}
	if !known || version != "" && version != service.version {
		return nil, refusal.New(http.StatusBadRequest, "InvalidAction",
			"Could not find operation "+action+" for version "+version)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !c.free {
		ctx := q.context()
		resource := c.resource(d, q, ctx)
		for _, asked := range append([]string{action}, c.alsoAsked(q)...) {
			if decision := d.decide(q.principal, service.service+":"+asked, resource, ctx); !decision.Allow {
				return nil, errDenied(decision.Reason)
			}
		}
	}
	answer, err := c.handle(d, q)
	if err == nil && changes(action) {
		d.tell()
	}
	return answer, err
}

// decide is Authorize with the lock held.
func (d *Directory) decide(p Principal, action, resource string, ctx policy.Context) Decision {
	now := time.Now()
	request := policy.Request{Principal: p, Action: action, Resource: resource, Context: ctx}
	d.addGlobalKeys(request, now)
	return d.authorize(request, d.policiesOf(p, now), nil, d.account)
}

type responseMetadata struct {
	RequestID string `xml:"RequestId"`
}

// writeResult writes <ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>….
func writeResult(w http.ResponseWriter, service protocol, action string, result any) error {
	id := wire.RequestID()
	type response struct {
		XMLName  xml.Name
		Result   any
		Metadata responseMetadata `xml:"ResponseMetadata"`
	}
	body := response{
		XMLName:  xml.Name{Local: action + "Response", Space: service.namespace},
		Metadata: responseMetadata{id},
	}
	if result != nil {
		body.Result = named{action + "Result", result}
	}
	text, err := xml.MarshalIndent(body, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-RequestId", id)
	wire.Send(w, http.StatusOK, "text/xml", append(text, '\n'))
	return nil
}

// named gives a value the name of its XML element.
type named struct {
	name  string
	value any
}

// MarshalXML writes the value under its name.
func (n named) MarshalXML(encoder *xml.Encoder, _ xml.StartElement) error {
	return encoder.EncodeElement(n.value, xml.StartElement{Name: xml.Name{Local: n.name}})
}
