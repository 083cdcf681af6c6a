// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Vault} from "../src/Vault.sol";
import {IAccounts} from "../src/interfaces/IAccounts.sol";
import {IVaultParameters} from "../src/interfaces/IVaultParameters.sol";
import {MarketFixture} from "./MarketFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Keeps a tenth of every transfer, and calls back into the vault when told to.
contract HostileToken is ERC20 {
    Vault public target;
    bytes public attack;
    bool public blocked;

    constructor() ERC20("Hostile", "HOST") {
        _mint(msg.sender, 1_000);
    }

    function arm(Vault vault, bytes calldata call) external {
        (target, attack) = (vault, call);
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256,
        uint256,
        bytes32,
        uint8,
        bytes32,
        bytes32
    ) external {
        _transfer(from, to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (address(target) != address(0)) {
            (bool done, bytes memory reason) = address(target).call(attack);
            blocked = !done && bytes4(reason) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        }
        if (from != address(0)) {
            super._update(from, address(0xFEE), value / 10);
            value -= value / 10;
        }
        super._update(from, to, value);
    }
}

contract AccountsTest is MarketFixture {
    function test_withdrawal_is_paid_to_its_owner_after_the_delay_whoever_completes_it() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 300 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccounts.StillLocked.selector, START + WITHDRAW_DELAY, START + WITHDRAW_DELAY - 1
            )
        );
        vault.completeWithdrawal(REQUESTER, address(token));
        vm.warp(START + WITHDRAW_DELAY);
        vm.prank(STRANGER);
        vault.completeWithdrawal(REQUESTER, address(token));
        assertEq(token.balanceOf(REQUESTER), 300 * DOLLAR);
        assertEq(token.balanceOf(STRANGER), 0);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.NothingPending.selector, REQUESTER, address(token)));
        vault.completeWithdrawal(REQUESTER, address(token));
    }

    function test_further_request_restarts_the_delay_of_all_that_waits() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 1);
        vm.warp(START + WITHDRAW_DELAY - 1);
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 999 * DOLLAR);
        vm.warp(START + WITHDRAW_DELAY);
        vm.expectRevert();
        vault.completeWithdrawal(REQUESTER, address(token));
    }

    function test_cancelled_withdrawal_is_spendable_again() public {
        vm.prank(REQUESTER);
        vault.requestWithdrawal(address(token), 300 * DOLLAR);
        vm.prank(REQUESTER);
        vault.cancelWithdrawal(address(token));
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
        vm.prank(REQUESTER);
        vm.expectRevert(abi.encodeWithSelector(IAccounts.NothingPending.selector, REQUESTER, address(token)));
        vault.cancelWithdrawal(address(token));
    }

    function test_nobody_withdraws_more_than_its_own() public {
        vm.prank(REQUESTER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccounts.InsufficientBalance.selector, REQUESTER, address(token), 1_000 * DOLLAR, 1_001 * DOLLAR
            )
        );
        vault.requestWithdrawal(address(token), 1_001 * DOLLAR);
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IAccounts.InsufficientBalance.selector, STRANGER, address(token), 0, 1)
        );
        vault.requestWithdrawal(address(token), 1);
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        vault.requestWithdrawal(address(token), 0);
    }

    function test_deposit_of_nothing_or_for_nobody_is_refused() public {
        vm.expectRevert(IAccounts.ZeroAmount.selector);
        vault.deposit(address(token), 0);
        vm.expectRevert(IVaultParameters.ZeroAddress.selector);
        vault.depositFor(address(0), address(token), 1);
    }

    function test_deposit_from_another_wallet_needs_its_word() public {
        token.mint(STRANGER, 5 * DOLLAR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 5 * DOLLAR
            )
        );
        vault.deposit(address(token), 5 * DOLLAR);
    }

    function test_deposit_by_signature_credits_its_signer_once_whoever_submits_it() public {
        address owner = vm.addr(STRANGER_KEY);
        token.mint(owner, 5 * DOLLAR);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(STRANGER_KEY, _authorizationDigest(owner, 5 * DOLLAR));
        vm.expectEmit();
        emit IAccounts.Deposited(owner, address(token), 5 * DOLLAR);
        vault.depositWithAuthorization(owner, address(token), 5 * DOLLAR, 0, START + 1, bytes32("n"), v, r, s);
        assertEq(_balance(owner), 5 * DOLLAR);
        token.mint(owner, 5 * DOLLAR);
        vm.expectRevert();
        vault.depositWithAuthorization(owner, address(token), 5 * DOLLAR, 0, START + 1, bytes32("n"), v, r, s);
        vm.expectRevert();
        vault.depositWithAuthorization(REQUESTER, address(token), 5 * DOLLAR, 0, START + 1, bytes32("n"), v, r, s);
    }

    function test_token_that_keeps_a_fee_credits_what_arrived() public {
        HostileToken hostile = new HostileToken();
        hostile.approve(address(vault), 100);
        vault.deposit(address(hostile), 100);
        assertEq(vault.balanceOf(address(this), address(hostile)), 90);
        assertEq(hostile.balanceOf(address(vault)), 90);
    }

    function test_token_that_calls_back_gets_nowhere() public {
        HostileToken hostile = new HostileToken();
        hostile.approve(address(vault), 1_000);
        vault.deposit(address(hostile), 100);
        vault.requestWithdrawal(address(hostile), 90);
        vm.warp(START + WITHDRAW_DELAY);
        bytes[3] memory attacks = [
            abi.encodeCall(vault.completeWithdrawal, (address(this), address(hostile))),
            abi.encodeCall(vault.depositFor, (address(hostile), address(hostile), 10)),
            abi.encodeCall(vault.settleOne, (_accepted(1)))
        ];
        for (uint256 i = 0; i < attacks.length; ++i) {
            hostile.arm(vault, attacks[i]);
            vault.deposit(address(hostile), 100);
            assertTrue(hostile.blocked());
        }
        vault.depositWithAuthorization(address(this), address(hostile), 100, 0, 0, 0, 0, 0, 0);
        assertTrue(hostile.blocked());
        assertEq(hostile.balanceOf(address(vault)), 450);
        assertEq(_balance(REQUESTER), 1_000 * DOLLAR);
    }

    function test_the_vault_says_what_it_was_deployed_with() public view {
        assertTrue(keccak256(abi.encode(vault.parameters())) == keccak256(abi.encode(_parameters())));
    }

    function _authorizationDigest(address owner, uint256 amount) private view returns (bytes32) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
                ),
                owner,
                address(vault),
                amount,
                0,
                START + 1,
                bytes32("n")
            )
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message));
    }
}
