#!/bin/bash
# Everything that wants a GPU, in under eight minutes: the conformance suite, trainings, and operators and training steps
# beside PyTorch on the same card. The short table comes last; details are in gpu-report/ as text and JSON. Each part has a
# time limit of its own, and one that fails or hangs does not keep the others from running.
#
#   benchmarks/gpu.sh pack           where Ladera is built: puts a Java runtime and all jars into .device/, to be carried along
#   benchmarks/gpu.sh [small] [OUT]  on the machine with the GPU, in the project's folder; needs no Java, and PyTorch for
#                                    comparisons. "small" takes a little of each part, to see whether all of it runs
#
# Read from the environment: PY, the Python that has PyTorch; MNIST, a folder with MNIST's files; LADERA_JAVA_OPTIONS.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
device=$root/.device

# Benchmarks come with what they run on, tests with what they are made of: not with ND4J's libraries, which are large.
pack() {
  . "$root/.mvn/find-jdk.sh"
  export JAVA_HOME
  local skip="-Dspotless.check.skip=true -Denforcer.skip=true -Dmaven.javadoc.skip=true"
  (cd "$root" && ./mvnw -q -pl benchmarks -am package $skip -Dmaven.test.skip=true &&
    ./mvnw -q -pl backend-cuda -am package dependency:copy-dependencies $skip -DskipTests -DincludeScope=test \
      '-DoutputDirectory=${project.build.directory}/device')
  rm -rf "$device"
  mkdir -p "$device/content/jars"
  "$JAVA_HOME/bin/jlink" --strip-debug --no-man-pages --no-header-files --compress zip-0 --output "$device/content/jre" \
    --add-modules "$modules"
  # Many are in both folders.
  cp "$root"/benchmarks/target/lib/*.jar "$device/content/jars"
  cp "$root"/backend-cuda/target/device/*.jar "$device/content/jars"
  cp -r "$root/backend-cuda/target/test-classes" "$device/content/tests"
  tar -C "$device/content" -c . | xz -6 >"$device/content.tar.xz"
  rm -rf "$device/content"
  echo "packed $(du -sm "$device" | cut -f1) MiB into $device"
}
modules=java.base,java.desktop,java.logging,java.management,java.net.http,java.sql,java.xml
modules=$modules,jdk.incubator.vector,jdk.unsupported,jdk.management,jdk.zipfs

if [ "${1-}" = pack ]; then
  pack
  exit
fi

size=full
if [ "${1-}" = small ]; then
  size=small
  shift
fi
out=${1:-$root/gpu-report}
mkdir -p "$out"
out=$(cd "$out" && pwd)
begin=$(date +%s)
python=$(command -v "${PY:-python3}" || true)

if [ ! -f "$device/content.tar.xz" ]; then
  echo "there is no $device/content.tar.xz; run 'benchmarks/gpu.sh pack' where Ladera is built" >&2
  exit 2
fi

# A folder of its own for each pack, so that an older one is not taken for it.
runtime=${TMPDIR:-/tmp}/ladera-$(cksum <"$device/content.tar.xz" | tr ' ' -)
if [ ! -d "$runtime" ]; then
  rm -rf "$runtime.part"
  mkdir -p "$runtime.part"
  tar -C "$runtime.part" -xJf "$device/content.tar.xz" 2>/dev/null ||
    python3 -c "import tarfile, sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$device/content.tar.xz" "$runtime.part"
  mv "$runtime.part" "$runtime"
fi

# Python's packages bring the libraries; the driver may be where only the loader's cache knows it.
libraries=
if [ -n "$python" ]; then
  packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  for folder in "$packages"/nvidia/*/lib; do
    [ -d "$folder" ] && libraries=$libraries:$folder
  done
fi
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib /usr/lib/x86_64-linux-gnu; do
  [ -e "$folder/libcuda.so.1" ] && libraries=$libraries:$folder
done
export LD_LIBRARY_PATH="${libraries#:}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

elapsed() {
  echo $(($(date +%s) - begin))
}

# run SECONDS CLASS ARGUMENTS: in the folder of results, for so long at most.
run() {
  local most=$1
  shift
  (cd "$out" && exec timeout -k 5 "$most" "$runtime/jre/bin/java" --enable-native-access=ALL-UNNAMED \
    --add-modules jdk.incubator.vector --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true \
    ${libraries:+-Dladera.cuda.path="${libraries#:}"} -Dladera.cuda.cache="$out/kernels" -Dladera.cuda.test=gpu \
    ${LADERA_JAVA_OPTIONS-} -cp "$runtime/tests:$runtime/jars/*" "$@")
}

# ended PART STATUS LOG: one line about a part that did not end well.
ended() {
  case $2 in
    0) return 0 ;;
    124 | 137) echo "$1: stopped, as its time was over; see $3" ;;
    *) echo "$1: ended with status $2; see $3" ;;
  esac >>"$out/failures.txt"
}
: >"$out/failures.txt"

status=0
run 60 dev.ladera.examples.Main doctor --device cuda:0 >"$out/doctor.txt" 2>&1 || status=$?
ended doctor "$status" doctor.txt
cat "$out/doctor.txt"

# A process a group: compiling kernels takes the processors, not the card.
groups="values views sizes largeSizes specialValues randomCalls documentedAnswers expressions composites randomBits
repetition threads inputs memory gradients pyTorch errors"
[ $size = small ] && groups="documentedAnswers randomBits errors"
rm -f "$out"/conformance-*.txt
for group in $groups; do
  (
    status=0
    run 150 dev.ladera.backend.cuda.ConformanceMain "$group" >"$out/conformance-$group.txt" 2>&1 || status=$?
    ended "conformance $group" "$status" "conformance-$group.txt"
  ) &
done
wait
echo "conformance after $(elapsed) s"

if [ -n "${MNIST-}" ]; then
  training="mnist --data $(cd "$MNIST" && pwd) --epochs 2"
else
  training="digits --epochs 5"
fi
models="mlp lenet"
[ $size = small ] && models=mlp && training="digits --epochs 1"
rm -f "$out"/train-*.txt
for model in $models; do
  status=0
  run 45 dev.ladera.examples.Main train $training --model "$model" --device cuda:0 --out "run-$model" \
    >"$out/train-$model.txt" 2>&1 || status=$?
  ended "training $model" "$status" "train-$model.txt"
done
echo "training after $(elapsed) s"

peer=
if [ -n "$python" ] && timeout 60 "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  peer="--peer pytorch --python $python"
else
  echo "PyTorch with CUDA is not there: nothing to compare with"
fi

# bench PART SHARE REGEX: what is left of the time is shared with the parts to come.
bench() {
  local status=0 left=$(((450 - $(elapsed)) / $2))
  run "$((left > 20 ? left : 20))" dev.ladera.benchmarks.Main --device cuda:0 --quick --only "$3" --json "bench-$1.json" $peer \
    >"$out/bench-$1.txt" 2>"$out/bench-$1.log" || status=$?
  ended "benchmarks $1" "$status" "bench-$1.log"
}
rm -f "$out"/bench-*
if [ $size = small ]; then
  bench steps 1 '^add/1$|^mlp(Sgd|Graph)/64$'
else
  bench steps 4 '^(add|relu)/1$|Sgd/|^mlp(Adam|Graph)/64$'
  bench products 3 '^matmul/(1024|4096|8192)$'
  bench operators 2 '^(copy|add|relu|gelu|tanhChain)/67108864$|16384x4096'
  bench convolutions 1 '^conv.*/3x3-128$'
fi

echo
grep -ah '^failed' "$out"/conformance-*.txt | head -20 || true
grep -ah '^conformance' "$out"/conformance-*.txt || true
tail -qn 3 "$out"/train-*.txt
cat "$out/failures.txt"
# A part that was stopped has no table, but a line for each benchmark that it came to the end of.
for log in "$out"/bench-*.log; do
  table=${log%.log}.txt
  if [ -s "$table" ]; then cat "$table"; else grep -av '^WARNING' "$log" || true; fi
done
echo "all in $(elapsed) s; details in $out"
