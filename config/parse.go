package config

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// flags is the command line. The tag setting names the environment variable;
// a flag wins over it.
type flags struct {
	Data string `setting:"PLEXYDASH_DATA" default:"./data" help:"Folder of the database and of everything the program keeps."`
	Mode string `setting:"PLEXYDASH_MODE" help:"demo: a stand-in of Plexy inside the program. live: real money. Default: live when an API key is set, else demo."`

	BackupFolder string `setting:"PLEXYDASH_BACKUP_FOLDER" help:"Folder of backups. Default: backups in the data folder."`

	Serve   serveFlags   `cmd:"" default:"withargs" help:"Serve the dashboard (the default)."`
	Sandbox sandboxFlags `cmd:"" help:"Serve a stand-in of the Plexy API alone, for trying things out."`
	User    userFlags    `cmd:"" help:"People who may sign in. A password is read from standard input."`
	Audit   struct {
		Verify struct {
			Pub     string   `help:"File of the public keys, as it was handed to you. Default: the one beside the database."`
			Witness []string `sep:"none" help:"File of a checkpoint that was kept elsewhere. May be repeated."`
			Keep    string   `help:"File to write the newest checkpoint to, for a later --witness."`
		} `cmd:"" help:"Recompute the audit log from its records, and say the first thing that is wrong with it."`
	} `cmd:"" help:"The tamper-evident log."`
	Backup struct {
		To string `help:"File to write; one that is there is not overwritten. Default: a new one in the folder of backups."`
	} `cmd:"" help:"Copy the database into one proven file, while it is served or not."`
	Restore struct {
		From  string `help:"Backup to restore. Without it only a drill is possible, of the newest one in the folder of backups."`
		Drill bool   `help:"Restore into a scratch folder, prove what came out, and remove it again."`
	} `cmd:"" help:"Put a backup in the place of the database. The next start is on HOLD: nothing is sent until two people allow it."`
	Migrate struct{} `cmd:"" help:"Bring the database up to date and stop."`
	Version struct{} `cmd:"" help:"Print the version."`
}

type serveFlags struct {
	Listen      string        `setting:"PLEXYDASH_LISTEN" default:"127.0.0.1:8080" help:"host:port. Beyond this machine only with an https public URL."`
	PublicURL   string        `name:"public-url" setting:"PLEXYDASH_PUBLIC_URL" help:"Address that browsers use. https makes the session cookie Secure."`
	SyncEvery   time.Duration `setting:"PLEXYDASH_SYNC_EVERY" default:"30s" help:"How often Plexy is read."`
	Settle      time.Duration `name:"settle-window" setting:"PLEXYDASH_SETTLE_WINDOW" default:"24h" help:"How long an unknown outcome is searched for before people may decide."`
	Submit      string        `setting:"PLEXYDASH_SUBMIT" default:"on" enum:"on,off" help:"off: nothing is ever sent to Plexy."`
	CutOff      string        `setting:"PLEXYDASH_CUT_OFF" help:"Time of day in Almaty, such as 16:30, until which the bank takes a payment for the same day. Empty: not known, forms say so."`
	Metrics     string        `name:"metrics-token" setting:"PLEXYDASH_METRICS_TOKEN" help:"Bearer token for /metrics from another machine. Without it only this machine may read them."`
	BackupEvery time.Duration `setting:"PLEXYDASH_BACKUP_EVERY" default:"24h" help:"How often a backup is made; 0 makes none."`
	BackupKeep  int           `setting:"PLEXYDASH_BACKUP_KEEP" default:"14" help:"How many of the newest backups stay."`
	BaseURL     string        `name:"plexy-base-url" setting:"PLEXY_BASE_URL" default:"https://api.plexypay.com/v1" help:"Address of the Plexy Pay API."`
	APIKey      string        `name:"plexy-api-key" setting:"PLEXY_API_KEY" help:"Key of the API, as Plexy gave it. Prefer the variable or the file: a flag shows in the process list."`
	APIKeyFile  string        `name:"plexy-api-key-file" setting:"PLEXY_API_KEY_FILE" help:"File that holds the key."`
	AmountUnit  string        `name:"plexy-amount-unit" setting:"PLEXY_AMOUNT_UNIT" help:"What an amount of the API counts: major (tenge) or minor (tiyn). Live mode refuses to guess."`
	ListParams  string        `name:"plexy-list-params" setting:"PLEXY_LIST_PARAMS" default:"page,size" help:"Names of the list's parameters: page,size or page,pageSize or offset,limit."`
	BalancePath string        `name:"plexy-balance-path" setting:"PLEXY_BALANCE_PATH" default:"/distributions/balance" help:"Path of the balance below the base URL."`
}

type sandboxFlags struct {
	Listen string `default:"127.0.0.1:8090" help:"host:port on this machine."`
	Key    string `default:"pr_demo" help:"Key that callers must send."`
	Unit   string `default:"major" enum:"major,minor" help:"What an amount on the wire counts."`
}

type userFlags struct {
	Add struct {
		Email string `required:"" help:"Address to sign in with."`
		Name  string `required:"" help:"Name as others read it."`
		Role  string `required:"" enum:"accountant,manager,auditor,admin" help:"accountant, manager, auditor or admin."`
	} `cmd:"" help:"Add a person."`
	List struct{} `cmd:"" help:"List people."`
	Role struct {
		Email string `required:"" help:"Address of the person."`
		Role  string `required:"" enum:"accountant,manager,auditor,admin" help:"accountant, manager, auditor or admin."`
	} `cmd:"" help:"Give another role; ends the person's sessions."`
	Disable struct {
		Email string `required:"" help:"Address of the person."`
	} `cmd:"" help:"Take the right to sign in; ends the person's sessions."`
	Passwd struct {
		Email string `required:"" help:"Address of the person."`
	} `cmd:"" help:"Set a new password; ends the person's sessions."`
}

// ErrHelp is returned when help was asked for and printed.
var ErrHelp = errors.New("help was printed")

// Parse reads the command line without the program's name. All problems come
// at once.
func Parse(args []string, getenv func(string) string, stdout io.Writer) (Config, error) {
	var f flags
	printed := false
	parser, err := kong.New(&f,
		kong.Name("plexydash"),
		kong.Description("Dashboard for distributions from an agent's balance at Plexy."),
		kong.Writers(stdout, stdout),
		kong.Exit(func(int) { printed = true }),
		kong.Resolvers(fromEnvironment(getenv)),
		kong.ValueFormatter(namingTheVariable),
	)
	if err != nil {
		return Config{}, fmt.Errorf("command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	switch {
	case printed:
		return Config{}, ErrHelp
	case err != nil:
		return Config{}, err
	}
	c, err := f.config(parsed.Command())
	c.Sources = sources(parsed, getenv)
	return c, err
}

// sources says of each setting of the command where its value comes from.
func sources(parsed *kong.Context, getenv func(string) string) map[string]Source {
	all := map[string]Source{}
	for _, flag := range parsed.Flags() {
		if name := flag.Tag.Get("setting"); name != "" {
			all[name] = FromDefault
			if getenv(name) != "" {
				all[name] = FromEnvironment
			}
		}
	}
	for _, step := range parsed.Path {
		if step.Flag != nil && !step.Resolved && step.Flag.Tag.Get("setting") != "" {
			all[step.Flag.Tag.Get("setting")] = FromFlag
		}
	}
	if all["PLEXY_API_KEY"] == FromDefault && all["PLEXY_API_KEY_FILE"] != FromDefault {
		all["PLEXY_API_KEY"] = FromFile
	}
	return all
}

func fromEnvironment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if name := flag.Tag.Get("setting"); name != "" {
			if v := getenv(name); v != "" {
				return v, nil
			}
		}
		return nil, nil
	})
}

func namingTheVariable(v *kong.Value) string {
	if name := v.Tag.Get("setting"); name != "" {
		return strings.TrimSuffix(v.Help, ".") + " ($" + name + ")."
	}
	return kong.DefaultHelpValueFormatter(v)
}

func (f *flags) config(command string) (Config, error) {
	s := f.Serve
	c := Config{
		Command: command, Data: strings.TrimRight(f.Data, "/"),
		Listen: s.Listen, PublicURL: s.PublicURL, SyncEvery: s.SyncEvery, SettleWindow: s.Settle, Submit: s.Submit == "on", CutOff: s.CutOff,
		MetricsToken: Secret(s.Metrics),
		Plexy:        Plexy{BaseURL: s.BaseURL, AmountUnit: s.AmountUnit, ListParams: s.ListParams, BalancePath: s.BalancePath},
		Backup:       Backup{Folder: f.BackupFolder, Every: s.BackupEvery, Keep: s.BackupKeep},
	}
	if c.Backup.Folder == "" {
		c.Backup.Folder = c.Data + "/backups"
	}
	switch command {
	case "sandbox":
		c.Listen, c.SandboxKey, c.Plexy.AmountUnit = f.Sandbox.Listen, Secret(f.Sandbox.Key), f.Sandbox.Unit
	case "audit verify":
		c.Audit = Audit{Public: f.Audit.Verify.Pub, Witness: f.Audit.Verify.Witness, Keep: f.Audit.Verify.Keep}
	case "backup":
		c.Backup.To = f.Backup.To
	case "restore":
		c.Backup.From, c.Backup.Drill = f.Restore.From, f.Restore.Drill
	case "user add":
		c.User = User{f.User.Add.Email, f.User.Add.Name, f.User.Add.Role}
	case "user role":
		c.User = User{Email: f.User.Role.Email, Role: f.User.Role.Role}
	case "user disable":
		c.User = User{Email: f.User.Disable.Email}
	case "user passwd":
		c.User = User{Email: f.User.Passwd.Email}
	}
	key, err := readKey(s.APIKey, s.APIKeyFile)
	if err != nil {
		return Config{}, err
	}
	c.Plexy.Key = key
	c.Mode = modeFor(f.Mode, key)
	if command != "serve" && f.Mode == "" {
		c.Mode = Live // only serve chooses a mode by the key
	}
	err = c.check()
	return c, err
}

// Setting is one line of the table of settings.
type Setting struct{ Variable, Flag, Default, Help string }

// Settings lists every setting that has an environment variable.
func Settings() ([]Setting, error) {
	var f flags
	parser, err := kong.New(&f)
	if err != nil {
		return nil, fmt.Errorf("command line: %w", err)
	}
	var all []Setting
	take := func(flags []*kong.Flag) {
		for _, flag := range flags {
			if name := flag.Tag.Get("setting"); name != "" {
				all = append(all, Setting{Variable: name, Flag: "--" + flag.Name, Default: flag.Default, Help: flag.Help})
			}
		}
	}
	take(parser.Model.Flags)
	for _, command := range parser.Model.Children {
		take(command.Flags)
	}
	return all, nil
}
