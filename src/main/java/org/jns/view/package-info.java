// SPDX-License-Identifier: Apache-2.0
/** Carries out plans: everything that touches the file system for a login. */
package org.jns.view;
