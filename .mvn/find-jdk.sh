# Sets and exports JAVA_HOME to a JDK 25 or newer; read by ./mvnw and ./ladera.
# Looks at LADERA_JAVA_HOME, JAVA_HOME, the java of the PATH, then the usual install folders.

ladera_jdk_version() {
  # The major version that a JDK's release file tells; nothing where it is no JDK.
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

ladera_is_jdk() {
  ladera_version=$(ladera_jdk_version "$1")
  [ -n "$ladera_version" ] && [ "$ladera_version" -ge 25 ]
}

ladera_find_jdk() {
  for ladera_home in "${LADERA_JAVA_HOME-}" "${JAVA_HOME-}"; do
    if [ -n "$ladera_home" ] && ladera_is_jdk "$ladera_home"; then
      echo "$ladera_home"
      return 0
    fi
  done
  ladera_java=$(command -v java 2>/dev/null || true)
  if [ -n "$ladera_java" ]; then
    ladera_home=$(dirname "$(dirname "$(readlink -f "$ladera_java" 2>/dev/null || echo "$ladera_java")")")
    if ladera_is_jdk "$ladera_home"; then
      echo "$ladera_home"
      return 0
    fi
  fi
  for ladera_home in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* "${HOME-}"/.sdkman/candidates/java/* \
    "${HOME-}"/.jdks/* "${HOME-}"/.local/share/mise/installs/java/* /usr/local/openjdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -d "$ladera_home" ] && ladera_is_jdk "$ladera_home"; then
      echo "$ladera_home"
      return 0
    fi
  done
  return 1
}

if ladera_found=$(ladera_find_jdk); then
  JAVA_HOME=$ladera_found
  export JAVA_HOME
else
  cat >&2 <<'MESSAGE'
Ladera needs a JDK 25 or newer, and found none in LADERA_JAVA_HOME, JAVA_HOME, the PATH or the usual
folders. Install one, for example:
  Debian, Ubuntu   apt-get install temurin-25-jdk   (from the Adoptium repository), or openjdk-25-jdk
  macOS            brew install openjdk@25
  any system       https://adoptium.net/temurin/releases/?version=25, or: sdk install java 25-tem
then set LADERA_JAVA_HOME to its folder if it is not found by itself.
MESSAGE
  exit 1
fi
