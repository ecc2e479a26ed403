// Reads a cloud-config the way the machine does: with go-yaml, into typed fields, refusing what has
// no field. Prints the document as JSON. It applies nothing and does not look inside values.
//
// The field names and types are those of the cloud-config dialect of CoreOS and Flatcar.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
)

type document struct {
	Hostname          string   `yaml:"hostname"`
	ManageEtcHosts    string   `yaml:"manage_etc_hosts"`
	SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys"`
	Users             []struct {
		Name              string   `yaml:"name"`
		PasswordHash      string   `yaml:"passwd"`
		SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys"`
		GECOS             string   `yaml:"gecos"`
		Homedir           string   `yaml:"homedir"`
		NoCreateHome      bool     `yaml:"no_create_home"`
		PrimaryGroup      string   `yaml:"primary_group"`
		Groups            []string `yaml:"groups"`
		NoUserGroup       bool     `yaml:"no_user_group"`
		System            bool     `yaml:"system"`
		NoLogInit         bool     `yaml:"no_log_init"`
		Shell             string   `yaml:"shell"`
	} `yaml:"users"`
	WriteFiles []struct {
		Path        string `yaml:"path"`
		Content     string `yaml:"content"`
		Encoding    string `yaml:"encoding"`
		Owner       string `yaml:"owner"`
		Permissions string `yaml:"permissions"`
	} `yaml:"write_files"`
	CoreOS struct {
		Etcd      map[string]any    `yaml:"etcd"`
		Etcd2     map[string]any    `yaml:"etcd2"`
		Flannel   map[string]any    `yaml:"flannel"`
		Fleet     map[string]any    `yaml:"fleet"`
		Locksmith map[string]string `yaml:"locksmith"`
		OEM       map[string]string `yaml:"oem"`
		Update    struct {
			RebootStrategy string `yaml:"reboot_strategy"`
			RebootDash     string `yaml:"reboot-strategy"`
			Group          string `yaml:"group"`
			Server         string `yaml:"server"`
		} `yaml:"update"`
		Units []struct {
			Name    string `yaml:"name"`
			Mask    bool   `yaml:"mask"`
			Enable  bool   `yaml:"enable"`
			Runtime bool   `yaml:"runtime"`
			Content string `yaml:"content"`
			Command string `yaml:"command"`
			DropIns []struct {
				Name    string `yaml:"name"`
				Content string `yaml:"content"`
			} `yaml:"drop_ins"`
		} `yaml:"units"`
	} `yaml:"coreos"`
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	strict := yaml.NewDecoder(strings.NewReader(string(text)))
	strict.KnownFields(true)
	var typed document
	if err := strict.Decode(&typed); err != nil {
		fail(err)
	}
	if err := strict.Decode(&typed); err != io.EOF {
		fail(fmt.Errorf("more than one YAML document"))
	}
	var plain any
	if err := yaml.Unmarshal(text, &plain); err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(plain); err != nil {
		fail(err)
	}
}
