package iam

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/sigv4"
)

// keepExpired is how long an expired credential is still known, so that it is refused as expired and not as unknown.
const keepExpired = 24 * time.Hour

type credentialsXML struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

func getCallerIdentity(_ *Directory, q *query) (any, error) {
	return struct {
		Arn     string
		UserID  string `xml:"UserId"`
		Account string
	}{q.principal.ARN, q.principal.UserID, q.principal.AccountID}, nil
}

// issue makes temporary credentials for a principal, valid for a duration from now.
func (d *Directory) issue(p Principal, valid time.Duration) credentialsXML {
	now := time.Now()
	for id, key := range d.keys {
		if expires := key.key.Expires; !expires.IsZero() && now.Sub(expires) > keepExpired {
			delete(d.keys, id)
		}
	}
	id := "ASIA" + rand.Text()[:16]
	key := sigv4.Key{
		SecretAccessKey: rand.Text() + rand.Text()[:14],
		SessionToken:    "IQoJb3JpZ2lu" + rand.Text() + rand.Text() + rand.Text(),
		Expires:         now.Add(valid),
	}
	d.keys[id] = accessKey{key: key, principal: p}
	return credentialsXML{id, key.SecretAccessKey, key.SessionToken, timestamp(key.Expires)}
}

// assumeRole needs the role's trust policy in any case; if that only names the account, the caller's own policies as
// well (IAM User Guide, "Granting a user permissions to switch roles").
func assumeRole(d *Directory, q *query) (any, error) {
	arn, err := q.require("RoleArn")
	if err != nil {
		return nil, err
	}
	name, err := q.name("RoleSessionName", 64)
	if err != nil {
		return nil, err
	}
	if len(name) < 2 {
		return nil, errValidation("1 validation error detected: Value '" + name + "' at 'roleSessionName' failed to satisfy " +
			"constraint: Member must have length greater than or equal to 2")
	}
	seconds, err := q.number("DurationSeconds", 3600, 900, 43200)
	if err != nil {
		return nil, err
	}
	if q.principal.Kind == policy.Root {
		return nil, errDenied("Roles may not be assumed by root accounts.")
	}
	home, r, err := d.trusted(q, arn, name)
	if err != nil {
		return nil, err
	}
	duration := time.Duration(seconds) * time.Second
	if duration > r.maxSession {
		return nil, errValidation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	var narrow *policy.Document
	if text := q.get("Policy"); text != "" {
		if narrow, err = policy.Parse(text, policy.Identity); err != nil {
			return nil, err
		}
	}
	session := home.session(r, name, narrow)
	defer home.tell()
	type assumedXML struct {
		AssumedRoleID string `xml:"AssumedRoleId"`
		Arn           string
	}
	return struct {
		Credentials     credentialsXML
		AssumedRoleUser assumedXML
	}{home.issue(session, duration), assumedXML{session.UserID, session.ARN}}, nil
}

// trusted returns the role and the directory of its account if the caller may assume it; for a role of another account
// both sides must allow that. A role that is not there is refused in the same words as one that does not trust the caller.
func (d *Directory) trusted(q *query, arn, sessionName string) (*Directory, *role, error) {
	now := time.Now()
	denied := errDenied("User: " + q.principal.ARN + " is not authorized to perform: sts:AssumeRole on resource: " + arn)
	home := d.at(arn)
	if home == nil {
		return nil, nil, denied
	}
	r := home.effectiveRole(arn, now)
	if r == nil {
		return nil, nil, denied
	}
	ctx := q.context()
	ctx.Set("sts:RoleSessionName", sessionName)
	if external := q.get("ExternalId"); external != "" {
		ctx.Set("sts:ExternalId", external)
	}
	request := policy.Request{Principal: q.principal, Action: "sts:AssumeRole", Resource: arn, Context: ctx}
	d.addGlobalKeys(request, now)
	if r.trustParsed.Evaluate(request).Effect != policy.Allow {
		return nil, nil, denied
	}
	if !d.authorize(request, d.policiesOf(q.principal, now), r.trustParsed, home.account).Allow {
		return nil, nil, denied
	}
	return home, r, nil
}

// getSessionToken gives a user temporary credentials of his own rights. Sessions cannot ask for sessions.
func getSessionToken(d *Directory, q *query) (any, error) {
	seconds, err := q.number("DurationSeconds", 43200, 900, 129600)
	if err != nil {
		return nil, err
	}
	if q.principal.Kind != policy.User && q.principal.Kind != policy.Root || strings.HasPrefix(signer(q.request), "ASIA") {
		return nil, refusal.New(http.StatusForbidden, "AccessDenied",
			"Cannot call GetSessionToken with session credentials")
	}
	return struct{ Credentials credentialsXML }{d.issue(q.principal, time.Duration(seconds)*time.Second)}, nil
}

// signer returns the access key id in the Authorization header of a verified request.
func signer(r *http.Request) string {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(credential, "/")
	return id
}
