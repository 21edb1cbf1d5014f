package apierror_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bothways/aws/apierror"
)

// The errors are those of real connections, as the layers around them change.
func TestACertificateThatIsNotTrustedHasAdvice(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = nil
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	trusting := x509.NewCertPool()
	trusting.AddCert(server.Certificate())

	for name, c := range map[string]struct {
		config *tls.Config
		url    string
		want   string
	}{
		"unknown authority": {&tls.Config{MinVersion: tls.VersionTLS12}, server.URL, "AWS_CA_BUNDLE"},
		"another name":      {&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: trusting, ServerName: "other.test"}, server.URL, "another name"},
		"expired": {
			&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: trusting, Time: func() time.Time { return time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC) }},
			server.URL, "clock",
		},
		"no TLS": {&tls.Config{MinVersion: tls.VersionTLS12}, "https://" + plain.Listener.Addr().String(), "http://"},
	} {
		t.Run(name, func(t *testing.T) {
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: c.config}}
			answer, err := client.Get(c.url)
			if err == nil {
				_ = answer.Body.Close()
				t.Fatal("the connection was made")
			}
			text := apierror.Describe(fmt.Errorf("read bucket b-1: %w", err))
			if !strings.Contains(text, c.want) {
				t.Errorf("Describe = %q, want %q in it", text, c.want)
			}
			if strings.Contains(strings.ToLower(text), "no-verify") {
				t.Errorf("%q advises not to verify", text)
			}
		})
	}
	if text := apierror.Describe(&net.OpError{Op: "dial", Err: fmt.Errorf("refused")}); strings.Contains(text, "certificate") {
		t.Errorf("%q speaks of certificates", text)
	}
}
