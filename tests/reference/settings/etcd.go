// Asks the etcd it is compiled into for its flags: `names` prints each, `values` judges lines of flag and value from
// standard input. `etcd.py` lays it beside etcd's own command line, whose types are not exported.

package etcdmain

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"go.etcd.io/etcd/server/v3/embed"
)

// Ask prints the flags, or what etcd says of values: each line is a flag and its value, as often as there are some.
func Ask(what string) {
	if what == "values" {
		judge()
		return
	}
	config := newConfig()
	var lines []string
	config.cf.flagSet.VisitAll(func(it *flag.Flag) {
		var words []string
		if chosen, ok := it.Value.(interface{ Valids() []string }); ok {
			words = chosen.Valids()
		}
		usual := strings.NewReplacer("\t", " ", "\n", " ").Replace(it.DefValue)
		cells := []string{it.Name, fmt.Sprintf("%T", it.Value), usual, strings.Join(words, ",")}
		lines = append(lines, strings.Join(cells, "\t"))
	})
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}

func judge() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var words []string
		cells := strings.Split(lines.Text(), "\t")
		for at := 0; at+1 < len(cells); at += 2 {
			words = append(words, "--"+cells[at]+"="+cells[at+1])
		}
		said := "accepted"
		if err := refusal(words); err != nil {
			said = strings.Join(strings.Fields(err.Error()), " ")
		}
		fmt.Println(said)
	}
}

// What etcd ends with before it starts anything.
func refusal(words []string) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v", thrown)
		}
	}()
	config := newConfig()
	config.cf.flagSet.SetOutput(io.Discard)
	config.cf.flagSet.Usage = func() {}
	if err := config.cf.flagSet.Parse(words); err != nil {
		return err
	}
	if err := config.configFromCmdLine(); err != nil {
		return err
	}
	return embed.Retention(config.ec.AutoCompactionMode, config.ec.AutoCompactionRetention)
}
