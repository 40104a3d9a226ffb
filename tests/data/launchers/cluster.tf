resource "google_container_node_pool" "gpu" {
  name       = "gpu"
  cluster    = google_container_cluster.research.name
  node_count = 8
  node_config {
    machine_type = "a3-highgpu-8g"
    guest_accelerator {
      type  = "nvidia-h100-80gb"
      count = 8
    }
    oauth_scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }
}
