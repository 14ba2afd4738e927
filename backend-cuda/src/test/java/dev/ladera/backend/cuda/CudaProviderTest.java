package dev.ladera.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ladera.Device;
import dev.ladera.DeviceException;
import dev.ladera.spi.Probe;
import org.junit.jupiter.api.Test;

class CudaProviderTest {
  @Test
  void theProbeSaysWhyNothingCanBeOpenedAndWhatToDo() {
    Probe probe = Device.probes().get("cuda");
    assertThat(probe).isNotNull();
    assertThat(probe.available()).isFalse();
    assertThat(probe.reason()).isNotEmpty();
    assertThat(probe.remedy()).isNotEmpty();
  }

  @Test
  void aDeviceAskedForByNameIsNeverAnotherOne() {
    assertThatThrownBy(() -> Device.of("cuda:0"))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device: 'cuda:0' is not there: ");
  }

  @Test
  void aLibraryThatIsNotThereIsReportedByName() {
    String before = System.getProperty("ladera.cuda.driver");
    System.setProperty("ladera.cuda.driver", "libno-such-driver.so");
    try {
      assertThat(new CudaProvider().probe().reason()).contains("libno-such-driver.so");
    } finally {
      if (before == null) {
        System.clearProperty("ladera.cuda.driver");
      } else {
        System.setProperty("ladera.cuda.driver", before);
      }
    }
  }
}
