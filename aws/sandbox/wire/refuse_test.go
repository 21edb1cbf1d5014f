package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/wire"
)

func TestARefusalIsToldInTheProtocolOfItsService(t *testing.T) {
	missing := refusal.New(http.StatusNotFound, "NoSuchThing", "There is <none>.", refusal.With("Thing", "t")).Header("X-More", "m")
	for _, row := range []struct {
		service, target, header, contentType, body string
	}{
		{"s3", "/b/k", "", "application/xml", "<Error><Code>NoSuchThing</Code><Message>There is &lt;none&gt;.</Message><Thing>t</Thing><RequestId>"},
		{"", "/", "", "application/xml", "<Error><Code>NoSuchThing</Code>"},
		{"iam", "/", "", "text/xml", `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchThing</Code>`},
		{"sts", "/", "", "text/xml", `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>`},
		{"monitoring", "/", "", "text/xml", `<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><Error>`},
		{"monitoring", "/", "GraniteServiceVersion20100801.ListMetrics", "application/x-amz-json-1.0", `{"__type":"com.amazonaws.cloudwatch#NoSuchThing",`},
		{"monitoring", "/service/GraniteServiceVersion20100801/operation/ListMetrics", "", "application/cbor", "\x7a\x00\x00\x00\x10There is <none>."},
		{"account", "/listRegions", "", "application/json", `{"message":"There is \u003cnone\u003e."}`},
	} {
		recorder := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, row.target, nil)
		if row.header != "" {
			r.Header.Set("X-Amz-Target", row.header)
		}
		wire.Refuse(recorder, r, row.service, missing)
		answer := recorder.Result()
		_ = answer.Body.Close()
		if got := answer.Header.Get("Content-Type"); got != row.contentType || answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s: %d, %s", row.service, row.target, answer.StatusCode, got)
		}
		if got := recorder.Body.String(); !strings.Contains(got, row.body) {
			t.Errorf("%s %s: %q has no %q", row.service, row.target, got, row.body)
		}
		if answer.Header.Get("X-More") != "m" {
			t.Errorf("%s %s: the header of the refusal is missing", row.service, row.target)
		}
	}
}

func TestAnErrorThatIsNoRefusalIsTheServicesFault(t *testing.T) {
	for service, code := range map[string]string{
		"s3": "InternalError", "iam": "ServiceFailure", "account": "InternalServerException", "monitoring": "ServiceFailure",
	} {
		recorder := httptest.NewRecorder()
		wire.Refuse(recorder, httptest.NewRequest(http.MethodGet, "/", nil), service, errors.New("x"))
		said := recorder.Body.String() + recorder.Header().Get("X-Amzn-Errortype")
		if recorder.Code != http.StatusInternalServerError || !strings.Contains(said, code) {
			t.Errorf("%s: %d %s", service, recorder.Code, said)
		}
	}
}
