// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EthereumDIDRegistry} from "ethr-did-registry/contracts/EthereumDIDRegistry.sol";
import {CredentialStatus} from "../src/agents/CredentialStatus.sol";
import {ICredentialStatus} from "../src/interfaces/ICredentialStatus.sol";
import {vm} from "./Vm.sol";

contract CredentialStatusTest {
    address private constant ISSUER = address(0x1550);
    address private constant NEXT = address(0x4E87);
    bytes32 private constant CREDENTIAL = keccak256("credential");

    EthereumDIDRegistry private dids;
    CredentialStatus private statuses;

    error OtherStatus(ICredentialStatus.Status actual);

    function setUp() public {
        dids = new EthereumDIDRegistry();
        statuses = new CredentialStatus(address(dids));
    }

    function _set(address by, ICredentialStatus.Status status) private {
        vm.prank(by);
        statuses.setStatus(ISSUER, CREDENTIAL, status);
    }

    function _require(ICredentialStatus.Status expected) private view {
        ICredentialStatus.Status actual = statuses.statusOf(ISSUER, CREDENTIAL);
        if (actual != expected) revert OtherStatus(actual);
    }

    function test_an_issuer_suspends_restores_and_revokes_for_good() public {
        _require(ICredentialStatus.Status.Valid);
        vm.expectEmit();
        emit ICredentialStatus.CredentialStatusChanged(ISSUER, CREDENTIAL, ICredentialStatus.Status.Suspended);
        _set(ISSUER, ICredentialStatus.Status.Suspended);
        vm.snapshotGasLastCall("setStatus");
        _require(ICredentialStatus.Status.Suspended);
        _set(ISSUER, ICredentialStatus.Status.Valid);
        _require(ICredentialStatus.Status.Valid);
        _set(ISSUER, ICredentialStatus.Status.Revoked);
        for (uint8 i = 0; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICredentialStatus.CredentialIsRevoked.selector, ISSUER, CREDENTIAL)
            );
            _set(ISSUER, ICredentialStatus.Status(i));
        }
        _require(ICredentialStatus.Status.Revoked);
    }

    function test_a_status_is_not_set_to_what_it_is() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICredentialStatus.StatusUnchanged.selector, ISSUER, CREDENTIAL, ICredentialStatus.Status.Valid
            )
        );
        _set(ISSUER, ICredentialStatus.Status.Valid);
    }

    function test_whoever_owns_the_issuers_did_now_sets_its_status_and_nobody_else() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICredentialStatus.NotTheIssuer.selector, ISSUER, ISSUER, NEXT)
        );
        _set(NEXT, ICredentialStatus.Status.Revoked);
        vm.prank(ISSUER);
        dids.changeOwner(ISSUER, NEXT);
        vm.expectRevert(
            abi.encodeWithSelector(ICredentialStatus.NotTheIssuer.selector, ISSUER, NEXT, ISSUER)
        );
        _set(ISSUER, ICredentialStatus.Status.Revoked);
        _set(NEXT, ICredentialStatus.Status.Revoked);
        _require(ICredentialStatus.Status.Revoked);
    }

    function test_a_stranger_reaches_only_credentials_of_its_own() public {
        vm.prank(NEXT);
        statuses.setStatus(NEXT, CREDENTIAL, ICredentialStatus.Status.Revoked);
        _require(ICredentialStatus.Status.Valid);
    }

    function test_it_asks_a_registry_that_is_there() public {
        if (statuses.didRegistry() != address(dids)) revert();
        vm.expectRevert(abi.encodeWithSelector(ICredentialStatus.NoDidRegistry.selector, address(0xD1D)));
        new CredentialStatus(address(0xD1D));
    }
}
