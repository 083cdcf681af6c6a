# An agent in a container that does as its input tells it, good and bad; misbehave.js and assembly/misbehave.ts are its twins.
read -r input

# The text of a member whose value has no quotes in it, and a whole number.
text() { printf '%s' "$input" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
integer() { printf '%s' "$input" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
quoted() { sed 's/\\/\\\\/g; s/"/\\"/g'; }
output() { printf '{"output":%s}\n' "$1"; }
# A shell that cannot open a file for writing ends, so it tries in another.
writes() { (: >"$1") 2>/dev/null && echo yes || echo no; }

case $(text do) in
  double) output "{\"value\":$((2 * $(integer n)))}" ;;
  count)
    runs=$(cat /scratch/runs 2>/dev/null || echo 0)
    echo $((runs + 1)) >/scratch/runs
    output "{\"value\":$(cat /scratch/runs)}"
    ;;
  loop) while :; do :; done ;;
  sleep) exec sleep 600 ;;
  allocate) exec awk 'BEGIN { all = "x"; while (1) all = all all }' ;;
  allocateInChild)
    awk 'BEGIN { all = "x"; while (1) all = all all }'
    exit 1
    ;;
  flood) exec yes "all work and no play makes a dull log" >&2 ;;
  flushLines) exec yes "" >&2 ;;
  log)
    count=$(printf '%s' "$input" | awk '{
      list = substr($0, index($0, "[") + 2)
      print split(substr(list, 1, length(list) - 3), lines, "\",\"")
    }')
    printf '%s' "$input" | awk '{
      list = substr($0, index($0, "[") + 2)
      count = split(substr(list, 1, length(list) - 3), lines, "\",\"")
      for (at = 1; at <= count; at += 1) {
        gsub(/\\u001b/, "\033", lines[at])
        gsub(/\\n/, "\n", lines[at])
        print lines[at]
      }
    }' >&2
    output "{\"value\":$count}"
    ;;
  progress)
    awk 'BEGIN { for (step = 0; step <= 20000; step += 1) printf "{\"progress\":%.5f,\"text\":\"step\"}\n", step / 20000 }'
    output '{"value":0}'
    ;;
  garbage) echo "no JSON at all" ;;
  mismatch) output '{"surprise":true}' ;;
  large) output "{\"text\":\"$(head -c "$(integer bytes)" /dev/zero | tr '\0' x)\"}" ;;
  crash)
    echo "it went wrong on purpose" >&2
    exit 1
    ;;
  call)
    params=${input#*\"params\":}
    printf '{"call":"%s","params":%s}\n' "$(text method)" "${params%\}}"
    read -r answer
    case $answer in
      '{"refused":'*) output "$answer" ;;
      *)
        reply=${answer#\{\"reply\":}
        output "{\"text\":\"$(printf '%s' "${reply%\}}" | quoted)\"}"
        ;;
    esac
    ;;
  callTwice)
    printf '{"call":"kv.get","params":{}}\n{"call":"kv.get","params":{}}\n'
    exec sleep 600
    ;;
  silent) ;;
  twice)
    output '{"value":1}'
    output '{"value":2}'
    ;;
  longLine) exec cat /dev/zero ;;
  forks)
    made=0
    while [ $made -lt 200 ]; do
      sleep 600 &
      made=$((made + 1))
    done
    output "{\"value\":$made}"
    ;;
  fill)
    head -c 9000000 /dev/zero >/scratch/file
    output "{\"value\":$(wc -c </scratch/file)}"
    ;;
  look)
    status() { sed -n "s/^$1:[[:space:]]*//p" /proc/self/status | tr '\t' ' '; }
    output "{\"text\":\"$(
      printf 'user=%s groups=%s caps=%s bounding=%s privileges=%s seccomp=%s root=%s scratch=%s shm=%s greeting=%s interfaces=%s' \
        "$(id -u):$(id -g)" "$(id -G)" "$(status CapEff)" "$(status CapBnd)" "$(status NoNewPrivs)" "$(status Seccomp)" \
        "$(writes /file)" "$(writes /scratch/file)" "$(writes /dev/shm/file)" "$GREETING" \
        "$(ls /sys/class/net | tr '\n' ' ')"
    )\"}"
    ;;
  *) exit 7 ;;
esac
