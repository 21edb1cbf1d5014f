package command

import (
	"fmt"
	"net"
	"net/netip"

	"github.com/spf13/cobra"

	"bothways/aws/sandbox"
)

func (a *app) sandboxCommand() *cobra.Command {
	var listen string
	var seed uint64
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the sandbox on a loopback port until Ctrl-C; prints what to export",
		Long: "Runs an AWS of S3, IAM and STS on a loopback port until Ctrl-C, with real replication between its regions and simulated distances. " +
			"Standard output is only the lines to export; in another shell, paste them, or write them to a file and source it.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkLoopback(listen); err != nil {
				return err
			}
			box, err := sandbox.New(sandbox.Options{TimeScale: a.flags.timeScale, Seed: seed})
			if err != nil {
				return err
			}
			defer func() { _ = box.Close() }() // nothing of it is kept
			endpoint, err := box.Listen(c.Context(), listen)
			if err != nil {
				return err
			}
			key, secret := box.Credentials()
			out := a.newOutput()
			for _, pair := range [][2]string{
				{"AWS_ENDPOINT_URL", endpoint},
				{"AWS_ACCESS_KEY_ID", key},
				{"AWS_SECRET_ACCESS_KEY", secret},
				{"AWS_REGION", "eu-west-1"},
			} {
				out.lines.Line("export %s=%s", pair[0], pair[1])
			}
			if err := out.lines.Err(); err != nil {
				return err
			}
			_, _ = fmt.Fprintln(a.process.Stderr, "The sandbox runs until Ctrl-C. Distances are simulated; nothing leaves this computer and nothing is kept.")
			<-c.Context().Done()
			a.signals.forgive()
			return nil
		},
	}
	a.timeScaleFlag(c)
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "listen on this loopback address and port; port 0 takes a free one")
	c.Flags().Uint64Var(&seed, "seed", 0, "draw the simulated delays from this seed; 0 takes a new one")
	return c
}

// checkLoopback refuses an address that other computers could reach: the
// sandbox is for this one.
func checkLoopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return wrongUsage("--listen %s: give an address and a port, such as 127.0.0.1:9000", listen)
	}
	if addr, err := netip.ParseAddr(host); host == "" || host == "localhost" || err == nil && addr.IsLoopback() {
		return nil
	}
	return wrongUsage("--listen %s: other computers could reach that; give a loopback address such as 127.0.0.1:9000", listen)
}
