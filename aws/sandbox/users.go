package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// Account is an account of the sandbox with all that it begins with. The JSON
// form of a file of accounts is {"accounts": […]} with the names given here.
type Account struct {
	// ID is twelve digits; that of the operator adds to the operator's account.
	ID string `json:"id"`
	// ServiceControlPolicy limits everybody in the account.
	ServiceControlPolicy json.RawMessage `json:"service_control_policy,omitempty"`
	Users                []User          `json:"users,omitempty"`
	// KMSKeys are the keys that exist in the account.
	KMSKeys []AccountKey `json:"kms_keys,omitempty"`
	// DisabledRegions are opt-in regions that the account does not have.
	DisabledRegions []string `json:"disabled_regions,omitempty"`
	// Buckets are names that the account holds from the beginning, empty.
	Buckets []AccountBucket `json:"buckets,omitempty"`
}

// User is an IAM user with an access key.
type User struct {
	Name            string `json:"name"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
	// Administrator gives AdministratorAccess.
	Administrator bool `json:"administrator,omitempty"`
	// Policies are inline policies. Without any the user may do nothing.
	Policies []json.RawMessage `json:"policies,omitempty"`
	// Boundary is the permissions boundary.
	Boundary json.RawMessage `json:"permissions_boundary,omitempty"`
	// SessionToken must accompany the key, as with temporary credentials.
	SessionToken string `json:"session_token,omitempty"`
	// ExpiresIn is when the key expires, counted from the start, for example
	// "15m"; "" is never.
	ExpiresIn string `json:"expires_in,omitempty"`
}

// AccountKey is a KMS key with its policy as JSON.
type AccountKey struct {
	KMSKey
	Policy json.RawMessage `json:"policy,omitempty"`
}

// AccountBucket is a bucket name that is taken.
type AccountBucket struct {
	Name   string `json:"name"`
	Region string `json:"region"`
}

// ParseAccounts reads a file of accounts. Errors say where in it they are.
func ParseAccounts(file []byte) ([]Account, error) {
	var parsed struct {
		Accounts []Account `json:"accounts"`
	}
	if _, err := decode(file, &parsed); err != nil {
		return nil, err
	}
	if len(parsed.Accounts) == 0 {
		return nil, errors.New(`there is no account in it: it wants {"accounts": [{"id": "…", "users": […]}]}`)
	}
	seen := map[string]string{}
	for _, a := range parsed.Accounts {
		if err := a.check(); err != nil {
			return nil, err
		}
		for i, u := range a.Users {
			where := fmt.Sprintf("account %s, user %d", a.ID, i+1)
			// IAM doesn't tell names apart by case (IAM User Guide, IAM and STS
			// quotas, name requirements).
			name, key := "name "+a.ID+" "+strings.ToLower(u.Name), "key "+u.AccessKeyID
			if before, twice := seen[name]; twice {
				return nil, fmt.Errorf("%s: the name %q is that of %s already; give each user one entry with a name of its own", where, u.Name, before)
			}
			if before, twice := seen[key]; twice {
				return nil, fmt.Errorf("%s: the access key id %s is that of %s already; give each user one of its own", where, u.AccessKeyID, before)
			}
			seen[name], seen[key] = where, where
		}
	}
	return parsed.Accounts, nil
}

var accountForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{12}$`) })

// check finds what can be found without a sandbox.
func (a *Account) check() error {
	if !accountForm().MatchString(a.ID) {
		return fmt.Errorf("account id %q: it wants twelve digits", a.ID)
	}
	for i, u := range a.Users {
		where := fmt.Sprintf("account %s, user %d", a.ID, i+1)
		if u.Name == "" || u.AccessKeyID == "" || u.SecretAccessKey == "" {
			return fmt.Errorf("%s: name, access_key_id and secret_access_key must all be given", where)
		}
		if strings.ContainsAny(u.AccessKeyID, "/, \t\r\n") {
			return fmt.Errorf("%s: %q can't be an access key id", where, u.AccessKeyID)
		}
		if u.ExpiresIn != "" {
			if d, err := time.ParseDuration(u.ExpiresIn); err != nil || d < 0 {
				return fmt.Errorf("%s: expires_in %q: it wants a duration such as 15m", where, u.ExpiresIn)
			}
		}
	}
	return nil
}

// AddAccount opens an account, or adds to one that is open already.
func (s *Sandbox) AddAccount(a Account) error {
	if err := a.check(); err != nil {
		return err
	}
	d := s.accounts.Open(a.ID)
	if len(a.ServiceControlPolicy) > 0 {
		if err := d.SetServiceControlPolicy(string(a.ServiceControlPolicy)); err != nil {
			return fmt.Errorf("account %s, service_control_policy: %w", a.ID, err)
		}
	}
	for _, u := range a.Users {
		if err := s.addUser(a.ID, u); err != nil {
			return fmt.Errorf("account %s, user %s: %w", a.ID, u.Name, err)
		}
	}
	for _, k := range a.KMSKeys {
		key := k.KMSKey
		key.Policy = string(k.Policy)
		if err := s.PutKMSKey(key); err != nil {
			return fmt.Errorf("account %s: %w", a.ID, err)
		}
	}
	for _, region := range a.DisabledRegions {
		if !s.regions.Set(a.ID, region, false) {
			return fmt.Errorf("account %s: %q is not a region that can be disabled", a.ID, region)
		}
	}
	for _, b := range a.Buckets {
		if err := s.reserve(b.Name, b.Region, a.ID); err != nil {
			return fmt.Errorf("account %s: %w", a.ID, err)
		}
	}
	return nil
}

// reserve takes a bucket name for an account.
func (s *Sandbox) reserve(bucket, region, account string) error {
	if !distance.Known(region) {
		return fmt.Errorf("reserving bucket %s: there is no region %q", bucket, region)
	}
	b, err := s.store.Create(bucket, region, account)
	if errors.Is(err, store.ErrBucketExists) && b.Owner == account && b.Region == region {
		return nil // kept from the run before
	}
	if err != nil {
		return fmt.Errorf("reserving bucket %s: %w", bucket, err)
	}
	return nil
}

func (s *Sandbox) addUser(account string, u User) error {
	if _, holder, taken := s.accounts.Lookup(u.AccessKeyID); taken && (holder.AccountID != account || holder.Name != u.Name) {
		return fmt.Errorf("access key id %s is that of %s", u.AccessKeyID, holder.ARN)
	}
	n := iam.NewUser{
		Name: u.Name, AccessKeyID: u.AccessKeyID, Key: sigv4.Key{SecretAccessKey: u.SecretAccessKey, SessionToken: u.SessionToken},
		Administrator: u.Administrator, Boundary: string(u.Boundary),
	}
	for _, p := range u.Policies {
		n.Policies = append(n.Policies, string(p))
	}
	if u.ExpiresIn != "" {
		after, err := time.ParseDuration(u.ExpiresIn)
		if err != nil {
			return err
		}
		n.Key.Expires = time.Now().Add(after)
	}
	return s.accounts.Open(account).PutUser(n)
}

// InputError says that an account could not be made as Options.Accounts wants
// it.
type InputError struct{ Err error }

// Error implements error.
func (e *InputError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *InputError) Unwrap() error { return e.Err }
