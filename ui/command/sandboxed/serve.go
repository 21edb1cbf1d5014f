package sandboxed

import (
	"context"
	"fmt"

	"bothways/aws/sandbox"
)

// onOff is a flag that is on or off.
type onOff bool

// String implements pflag.Value.
func (o *onOff) String() string {
	if *o {
		return "on"
	}
	return "off"
}

// Set implements pflag.Value.
func (o *onOff) Set(text string) error {
	if text != "on" && text != "off" {
		return fmt.Errorf("it is on or off, not %q", text)
	}
	*o = text == "on"
	return nil
}

// Type implements pflag.Value.
func (*onOff) Type() string { return "on|off" }

// currentFlag is a flag that is a way to tell the current version.
type currentFlag struct{ sandbox.Current }

// String implements pflag.Value.
func (c *currentFlag) String() string { return string(c.Current) }

// Set implements pflag.Value.
func (c *currentFlag) Set(text string) (err error) {
	c.Current, err = sandbox.ParseCurrent(text)
	return err
}

// Type implements pflag.Value.
func (*currentFlag) Type() string { return "created|arrived" }

// serve lets a sandbox listen. Over TLS, authority is a file with what
// clients have to trust, which leave removes.
func serve(ctx context.Context, box *sandbox.Sandbox, address string, secure bool) (endpoint, authority string, leave func() error, err error) {
	leave = func() error { return nil }
	if !secure {
		endpoint, err = box.Listen(ctx, address)
		return endpoint, "", leave, err
	}
	endpoint, certificate, err := box.ListenTLS(ctx, address)
	if err != nil {
		return "", "", leave, err
	}
	authority, remove, err := sandbox.KeepAuthority(certificate)
	if err != nil {
		return "", "", leave, fmt.Errorf("--tls: %w", err)
	}
	return endpoint, authority, remove, nil
}
