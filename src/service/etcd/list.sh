# The members are listed: nobody else knows of them.
look_up() { :; }
by_token() { return 1; }
